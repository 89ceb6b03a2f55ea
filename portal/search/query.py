"""From what a visitor types to a ranked list of documents."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Case, Value, When

from portal.content import languages
from portal.content.folding import fold

from . import foreign, polish, snippets
from .expression import AllOf, AnyOf, Expression, Scope, Term
from .fulltext import first_found, row_contains, with_keys
from .models import PlainForm, SearchDocument
from .sources import only_published, sources

RANKED_AT_MOST = 3000
NEWEST_FIRST = [5_000, 20_000, None]  # documents among which a common word is looked for, until there are enough


class Hit(NamedTuple):
    pk: int
    kind: str
    tier: int  # the value of the narrowest Scope that holds all words


@dataclass(frozen=True)
class Result:
    title: str  # both with <mark>, escaped
    snippet: str
    url: str
    label: str
    date: datetime | None


@dataclass(frozen=True)
class Found:
    expression: Expression | None = None
    hits: list[Hit] = field(default_factory=list)  # of the kind asked for, the best first, at most RANKED_AT_MOST
    counts: dict[str, int] | None = field(default_factory=dict)  # of all kinds; None: nobody has counted so many
    kind: str | None = None
    is_cut: bool = False  # there are more of the kind asked for than `hits`

    @property
    def total(self) -> int | None:
        """How many there are of all kinds; None: not counted."""
        return None if self.counts is None else sum(self.counts.values())

    @property
    def is_empty(self) -> bool:
        """Nothing of any kind."""
        return self.total == 0 or self.counts is None and not self.kind and not self.hits

    @property
    def count(self) -> int:
        """How many there are of the kind asked for, at least."""
        return len(self.hits)


def search(text: str, *, kind: str | None = None, language: str = languages.ORIGINAL) -> Found:
    expression = parse(text, language)
    if expression is None:
        return Found()
    documents, counts = SearchDocument.objects.in_language(language), None
    keys = first_found(RANKED_AT_MOST + 1, expression)
    if len(keys) > RANKED_AT_MOST:
        hits = _newest(documents.filter(kind=kind) if kind else documents, expression)
    else:
        hits = _hits(documents.filter(with_keys(keys)), expression)
        counts = dict(Counter(hit.kind for hit in hits))
        hits = [hit for hit in hits if kind in (None, hit.kind)]
    is_cut = len(hits) > RANKED_AT_MOST
    # Sorting is stable: within a tier the newest stay first.
    return Found(expression, sorted(hits[:RANKED_AT_MOST], key=lambda hit: hit.tier), counts, kind, is_cut)


def _newest(documents, expression: Expression) -> list[Hit]:
    """Of a common word, one more than are ranked: looked for among the newest documents first, then among more.

    To fetch and sort all that have it would take longer each year.
    """
    for number in NEWEST_FIRST:
        recent = documents.filter(date__gte=_date_of_newest(documents, number)) if number else documents
        hits = _hits(recent.filter(row_contains(expression)), expression)
        if len(hits) > RANKED_AT_MOST:
            break
    return hits


def _date_of_newest(documents, number: int) -> datetime:
    """Of the document that so many are not older than; the beginning of time where there are fewer."""
    dates = documents.order_by("-date").values_list("date", flat=True)
    return next(iter(dates[number : number + 1]), None) or datetime.min.replace(tzinfo=UTC)


def _hits(documents, expression: Expression) -> list[Hit]:
    tier = Case(
        When(row_contains(expression, Scope.TITLE), then=Value(Scope.TITLE.value)),
        When(row_contains(expression, Scope.TITLE_AND_LEAD), then=Value(Scope.TITLE_AND_LEAD.value)),
        default=Value(Scope.DOCUMENT.value),
    )
    newest = only_published(documents).annotate(tier=tier).order_by("-date", "-pk")
    return [Hit(*row) for row in newest.values_list("pk", "kind", "tier")[: RANKED_AT_MOST + 1]]


def results(found: Found, hits: list[Hit]) -> list[Result]:
    """What the page shows of some hits, in their order."""
    shown = SearchDocument.objects.defer("title_lemmas", "lead_lemmas", "body_lemmas")
    documents = shown.in_bulk([hit.pk for hit in hits])
    return [_result(found.expression, documents[hit.pk]) for hit in hits if hit.pk in documents]


def _result(expression: Expression, document: SearchDocument) -> Result:
    source = sources[document.kind]
    return Result(
        title=snippets.marked(document.title, expression, document.language),
        snippet=snippets.snippet(document.title, document.lead, document.body, expression, document.language),
        url=document.url,
        label=source.label,
        date=document.date if source.has_date else None,
    )


# --- Reading the query ------------------------------------------------------------------------------------------------


def parse(text: str, language: str = languages.ORIGINAL) -> Expression | None:
    """What a document in `language` must contain; None where `text` has no word to search for."""
    if language != languages.ORIGINAL:
        return _parse_foreign(text, language)
    words = [word.text for word in polish.words(polish.normalise(text))]
    if not words:
        return None
    lemmas = _lemmas_of_each(words)
    parts, position = [], 0
    while position < len(words):
        abbreviation, length = next(iter(polish.phrases_at(lemmas, position)), (None, 1))
        phrase = [
            _any_lemma(words[at], lemmas[at], polish.stem(words[at])) for at in range(position, position + length)
        ]
        meant = AllOf(tuple(phrase)) if length > 1 else phrase[0]
        parts.append(AnyOf((Term(abbreviation), meant)) if abbreviation else meant)
        position += length
    return _all_of(parts)


def _parse_foreign(text: str, language: str) -> Expression | None:
    words = [word.text for word in foreign.words(polish.normalise(text), language)]
    parts = [_any_lemma(word, foreign.lemmas(word, language), foreign.stem(word, language)) for word in words]
    return _all_of(parts)


def _all_of(parts: list[Expression]) -> Expression | None:
    return AllOf(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def parse_beginnings(text: str) -> Expression | None:
    """The same, but that whatever begins with what was typed will do for each word, too: for who looks while typing."""
    words = [word.text for word in polish.words(polish.normalise(text))]
    lemmas = _lemmas_of_each(words)
    parts = [AnyOf((*map(Term, sorted(of_one)), _beginning(word))) for word, of_one in zip(words, lemmas, strict=True)]
    return AllOf(tuple(parts)) if parts else None


def _beginning(word: str) -> Term:
    return Term(fold(word), is_prefix=not word.isdecimal())


def _lemmas_of_each(words: list[str]) -> list[frozenset[str]]:
    """The lemmas of each word, also of the words it may be without Polish letters: "zastepcza" is "zastępcza"."""
    meant = {}
    for form, lemma in PlainForm.objects.filter(form__in={fold(word) for word in words}).values_list("form", "lemma"):
        meant.setdefault(form, set()).add(lemma)
    lemmas = []
    for word in words:
        known = polish.lemmas(word)
        lemmas.append(known | meant.get(fold(word), set()) if word.isascii() or not known else known)
    return lemmas


def _any_lemma(word: str, lemmas: frozenset[str], stem: str) -> Expression:
    terms = tuple(Term(lemma) for lemma in sorted(lemmas)) or (_unknown(word, stem),)
    return AnyOf(terms) if len(terms) > 1 else terms[0]


def _unknown(word: str, stem: str) -> Term:
    """A name, or the beginning of a word: whatever begins like it will do. Numbers and the shortest are exact."""
    return Term(stem, is_prefix=True) if len(stem) >= 4 and word.isalpha() else Term(fold(word))
