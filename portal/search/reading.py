"""The words of a text by its language: the one place that knows that Polish is read in another way than the rest."""

from portal.content import languages

from . import foreign, polish
from .polish import Word


def words(text: str, language: str) -> list[Word]:
    """The words of normalised `text` that carry meaning."""
    return polish.words(text) if language == languages.ORIGINAL else foreign.words(text, language)


def read(text: str, language: str) -> list[tuple[Word, frozenset[str]]]:
    """The words of a document's text, each with all lemmas that find it."""
    return polish.read(text) if language == languages.ORIGINAL else foreign.read(text, language)


def identity() -> str:
    """What the lemmas of an index depend on: analysers, dictionaries, synonyms and rules."""
    return f"{polish.identity()}; {foreign.identity()}"
