"""From what a visitor types to a ranked list of documents."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, Count, Value, When

from portal.content.folding import fold

from . import polish, snippets
from .expression import AllOf, AnyOf, Expression, Scope, Term
from .fulltext import matching
from .models import PlainForm, SearchDocument
from .sources import only_published, sources

RANKED_AT_MOST = 3000


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
    counts: dict[str, int] = field(default_factory=dict)  # of all kinds
    kind: str | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def count(self) -> int:
        """How many there are of the kind asked for."""
        return self.counts.get(self.kind, 0) if self.kind else self.total

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.hits)


def search(text: str, *, kind: str | None = None, language: str = "pl") -> Found:
    expression = parse(text)
    if expression is None:
        return Found()
    documents = only_published(SearchDocument.objects.in_language(language)).filter(matching(expression))
    hits = _newest(documents, expression)
    if len(hits) < RANKED_AT_MOST:
        counts = dict(Counter(hit.kind for hit in hits))
        hits = [hit for hit in hits if kind in (None, hit.kind)]
    else:
        counts = dict(documents.order_by().values_list("kind").annotate(Count("pk")))
        hits = _newest(documents.filter(kind=kind), expression) if kind else hits
    # Sorting is stable: within a tier the newest stay first.
    return Found(expression, sorted(hits, key=lambda hit: hit.tier), counts, kind)


def _newest(documents, expression: Expression) -> list[Hit]:
    tier = Case(
        When(matching(expression, Scope.TITLE), then=Value(Scope.TITLE.value)),
        When(matching(expression, Scope.TITLE_AND_LEAD), then=Value(Scope.TITLE_AND_LEAD.value)),
        default=Value(Scope.DOCUMENT.value),
    )
    newest = documents.annotate(tier=tier).order_by("-date", "-pk")
    return [Hit(*row) for row in newest.values_list("pk", "kind", "tier")[:RANKED_AT_MOST]]


def results(found: Found, hits: list[Hit]) -> list[Result]:
    """What the page shows of some hits, in their order."""
    shown = SearchDocument.objects.defer("title_lemmas", "lead_lemmas", "body_lemmas")
    documents = shown.in_bulk([hit.pk for hit in hits])
    return [_result(found.expression, documents[hit.pk]) for hit in hits if hit.pk in documents]


def _result(expression: Expression, document: SearchDocument) -> Result:
    source = sources[document.kind]
    return Result(
        title=snippets.marked(document.title, expression),
        snippet=snippets.snippet(document.title, document.lead, document.body, expression),
        url=document.url,
        label=source.label,
        date=document.date if source.has_date else None,
    )


# --- Reading the query ------------------------------------------------------------------------------------------------


def parse(text: str) -> Expression | None:
    """What a document must contain; None where `text` has no word to search for."""
    words = [word.text for word in polish.words(polish.normalise(text))]
    if not words:
        return None
    lemmas = _lemmas_of_each(words)
    parts, position = [], 0
    while position < len(words):
        abbreviation, length = next(iter(polish.phrases_at(lemmas, position)), (None, 1))
        phrase = [_any_lemma(words[at], lemmas[at]) for at in range(position, position + length)]
        meant = AllOf(tuple(phrase)) if length > 1 else phrase[0]
        parts.append(AnyOf((Term(abbreviation), meant)) if abbreviation else meant)
        position += length
    return AllOf(tuple(parts)) if len(parts) > 1 else parts[0]


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


def _any_lemma(word: str, lemmas: frozenset[str]) -> Expression:
    terms = tuple(Term(lemma) for lemma in sorted(lemmas)) or (_unknown(word),)
    return AnyOf(terms) if len(terms) > 1 else terms[0]


def _unknown(word: str) -> Term:
    """A name, or the beginning of a word: whatever begins like it will do. Numbers and the shortest are exact."""
    stem = polish.stem(word)
    return Term(stem, is_prefix=True) if len(stem) >= 4 and word.isalpha() else Term(fold(word))
