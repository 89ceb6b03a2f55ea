""" "Did you mean …": the nearest words of published documents, for a query that found nothing."""

import re
from collections import Counter
from difflib import get_close_matches

from django.core.cache import cache

from portal.content.folding import fold

from . import polish, reading
from .models import SearchDocument
from .query import search
from .sources import only_published

NEWEST_DOCUMENTS = 2000
SECONDS_KEPT = 300
MOST_WORDS = 6  # each costs some 30 ms
SHORTEST_WORD, LONGEST_WORD = 4, 40  # letters
LIKENESS = 0.75
WORD = re.compile(rf"\b[^\W\d_]{{{SHORTEST_WORD},{LONGEST_WORD}}}\b")


def suggest(text: str, language: str = "pl") -> str | None:
    """`text` with its unknown words replaced by similar ones, if that finds something now; else None."""
    text = polish.normalise(text)
    words = reading.words(text, language)
    if len(words) > MOST_WORDS:
        return None
    vocabulary = _vocabulary(language)
    suggested = text
    for word in reversed(words):
        if _is_typo(word.text, vocabulary, language):
            near = get_close_matches(fold(word.text), vocabulary, n=1, cutoff=LIKENESS)
            if not near:
                return None
            better = vocabulary[near[0]].lower() if word.text.islower() else vocabulary[near[0]]
            suggested = suggested[: word.start] + better + suggested[word.end :]
    # The vocabulary may be some minutes old: what has been withdrawn since is not suggested.
    return suggested if suggested != text and not search(suggested, language=language).is_empty else None


def _is_typo(word: str, vocabulary: dict[str, str], language: str) -> bool:
    return (
        SHORTEST_WORD <= len(word) <= LONGEST_WORD
        and word.isalpha()
        and fold(word) not in vocabulary
        and search(word, language=language).is_empty
    )


def _vocabulary(language: str) -> dict[str, str]:
    """The words of published documents by their folded form, as they are most often written."""
    key = f"search-vocabulary-{language}"
    vocabulary = cache.get(key)
    if vocabulary is None:
        vocabulary = _read_vocabulary(language)
        cache.set(key, vocabulary, SECONDS_KEPT)
    return vocabulary


def _read_vocabulary(language: str) -> dict[str, str]:
    documents = only_published(SearchDocument.objects.in_language(language)).order_by("-date", "-pk")
    written = Counter()
    for texts in documents.values_list("title", "lead", "body")[:NEWEST_DOCUMENTS].iterator():
        written.update(WORD.findall(" ".join(texts)))
    return {fold(word): word for word, _times in reversed(written.most_common())}
