"""What a document must contain, in a form of its own that each engine writes in its language."""

from enum import Enum
from typing import NamedTuple


class Scope(Enum):
    """Where in a document its words are looked for."""

    TITLE = 1
    TITLE_AND_LEAD = 2
    DOCUMENT = 3


class Term(NamedTuple):
    lemma: str
    is_prefix: bool = False

    def found_in(self, lemmas: frozenset[str]) -> bool:
        return any(lemma.startswith(self.lemma) for lemma in lemmas) if self.is_prefix else self.lemma in lemmas


class AllOf(NamedTuple):
    parts: tuple


class AnyOf(NamedTuple):
    parts: tuple


Expression = Term | AllOf | AnyOf


def terms_of(expression: Expression) -> list[Term]:
    if isinstance(expression, Term):
        return [expression]
    return [term for part in expression.parts for term in terms_of(part)]


def written(expression: Expression, term, all_of: str, any_of: str) -> str:
    """The expression as text; `term` is the function that writes one term."""
    if isinstance(expression, Term):
        return term(expression)
    joint = all_of if isinstance(expression, AllOf) else any_of
    return "(" + joint.join(written(part, term, all_of, any_of) for part in expression.parts) + ")"
