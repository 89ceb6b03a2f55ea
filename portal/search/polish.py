"""Polish words made equal for searching: "opieki", "opieką" and "OPIEKA" are "opieka", "zastępczej" is "zastepczy".

Documents and queries pass through the same functions; what they make need only agree with itself. The setting
SEARCH_ANALYSER ("morfeusz" or "simplemma") chooses the analyser; without it the better one that can be imported works.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from portal.content.folding import fold

ANALYSERS = ["morfeusz", "simplemma"]  # the better first
SYNONYMS = Path(__file__).with_name("synonyms.toml")
RULES = 1  # raised when this file makes other lemmas than before, so that `check` asks for a new index
LONGEST_WORD = 60

# An abbreviation may carry an ending: "PCPR-u", "GOPSie", "DPS-ami".
WORD = re.compile(r"(?P<abbreviation>[A-ZĄĆĘŁŃÓŚŹŻ]{2,})-?[a-ząćęłńóśźż]{1,4}(?!\w)|[^\W_]+")
FUNCTION_WORDS = set(
    "a aby albo by czy dla do i ich jak lub na nad o od oraz po pod przez przy się to u w we z za ze że".split()
)
# The longer before the shorter that they end with.
CASE_ENDINGS = "owie iego iemu ego emu iej ymi imi ami ach owi ich ych ie em ej im ym om ow ia iu a e i o u y".split()


class Word(NamedTuple):
    start: int
    end: int
    text: str


@lru_cache
def _load_analyser(name: str):
    for candidate in [name] if name else ANALYSERS:
        try:
            return import_module(f".analyser_{candidate}", __package__).Analyser()
        except ImportError as error:
            missing = error
    raise missing


def _chosen() -> str:
    return getattr(settings, "SEARCH_ANALYSER", "")


def identity() -> str:
    """What Polish lemmas depend on: analyser, dictionary, synonyms and the rules of this file."""
    synonyms = sha256(SYNONYMS.read_bytes()).hexdigest()[:8]
    return f"{_load_analyser(_chosen()).identity}, synonyms {synonyms}, rules {RULES}"


def normalise(text: str) -> str:
    """One spelling of each letter, and nothing invisible inside words; what is stored, so that positions stay true."""
    return unicodedata.normalize("NFC", text).replace("\x00", "").replace("\u00ad", "").replace("\u200b", "")


def words(text: str) -> list[Word]:
    """The words of normalised `text` that carry meaning."""
    found = [Word(*match.span(), match["abbreviation"] or match[0]) for match in WORD.finditer(text)]
    return [word for word in found if word.text.lower() not in FUNCTION_WORDS and len(word.text) <= LONGEST_WORD]


def _fold_lemma(lemma: str) -> str:
    """Letters and digits only, and one lemma for Kowalska and Kowalski, which to the dictionary are two words."""
    folded = re.sub(r"[\W_]+", "", fold(lemma))
    return re.sub(r"(sk|ck|dzk)a$", r"\1i", folded)


def lemmas(word: str) -> frozenset[str]:
    """The folded lemmas of `word`; none if the analyser does not know it. A known abbreviation is its own lemma."""
    return _lemmas(_chosen(), word)


@lru_cache(maxsize=50_000)
def _lemmas(analyser: str, word: str) -> frozenset[str]:
    if fold(word) in _abbreviations():
        return frozenset([fold(word)])
    return frozenset(filter(None, map(_fold_lemma, _dictionary_lemmas(analyser, word))))


@lru_cache(maxsize=50_000)
def _dictionary_lemmas(analyser: str, word: str) -> frozenset[str]:
    return frozenset(_load_analyser(analyser).lemmas(word))


def plain_forms(text: str) -> set[tuple[str, str]]:
    """(form typed without Polish letters, lemma) of each form that the words of `text` can take.

    "zastepczej" is in no dictionary. Only forms with Polish letters are here: the others the analyser knows.
    """
    analyser = _chosen()
    spellings = {word.text for word in words(text)}
    dictionary_lemmas = set().union(*(_dictionary_lemmas(analyser, spelling) for spelling in spellings))
    return set().union(*(_plain_forms(analyser, lemma) for lemma in dictionary_lemmas))


@lru_cache(maxsize=20_000)
def _plain_forms(analyser: str, lemma: str) -> frozenset[tuple[str, str]]:
    forms = {*_load_analyser(analyser).forms(lemma), lemma}
    return frozenset((fold(form), _fold_lemma(lemma)) for form in forms if not form.isascii())


def stem(word: str) -> str:
    """What the forms of an unknown name have in common: "Modrzyckiej" → "modrzyck"; four letters at least."""
    folded = fold(word)
    for ending in CASE_ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 4:
            return folded.removesuffix(ending)
    return folded


# --- Abbreviations ----------------------------------------------------------------------------------------------------


@lru_cache
def _abbreviations() -> dict[str, list[str]]:
    return {fold(short): phrases for short, phrases in tomllib.loads(SYNONYMS.read_text(encoding="utf-8")).items()}


def text_of_synonyms() -> str:
    return " ".join(phrase for phrases in _abbreviations().values() for phrase in phrases)


@lru_cache
def _phrases(analyser: str) -> dict[str, list[tuple[str, list[frozenset[str]]]]]:
    """(abbreviation, the lemmas of each word of its phrase) by a lemma of the phrase's first word."""
    by_first_lemma = {}
    for short, phrases in _abbreviations().items():
        for phrase in phrases:
            options = [_options(analyser, word.text) for word in words(phrase)]
            for lemma in options[0]:
                by_first_lemma.setdefault(lemma, []).append((short, options))
    return by_first_lemma


def _options(analyser: str, word: str) -> frozenset[str]:
    return _lemmas(analyser, word) or frozenset([_fold_lemma(word)])


def phrases_at(options: list[frozenset[str]], position: int) -> list[tuple[str, int]]:
    """(abbreviation, number of words) of each phrase that begins at `position`; longer ones first."""
    candidates = [candidate for lemma in sorted(options[position]) for candidate in _phrases(_chosen()).get(lemma, [])]
    return [
        (short, len(phrase))
        for short, phrase in sorted(candidates, key=lambda item: -len(item[1]))
        if len(options) - position >= len(phrase)
        and not any(wanted.isdisjoint(found) for wanted, found in zip(phrase, options[position:], strict=False))
    ]


@lru_cache
def _broader(analyser: str, short: str) -> frozenset[str]:
    """What an abbreviation's own phrase contains: a GOPS is an OPS."""
    found = set()
    for phrase in _abbreviations()[short]:
        options = [_options(analyser, word.text) for word in words(phrase)]
        for position in range(len(options)):
            found.update(inner for inner, _length in phrases_at(options, position))
    return frozenset(found)


def read(text: str) -> list[tuple[Word, frozenset[str]]]:
    """The words of a document's text, each with all lemmas that find it, abbreviations of phrases included."""
    analyser, found = _chosen(), words(text)
    options = [_options(analyser, word.text) for word in found]
    readings = [set(option) for option in options]
    shorts, beginnings = _abbreviations().keys(), _phrases(analyser).keys()
    for position, option in enumerate(options):
        if shorts.isdisjoint(option) and beginnings.isdisjoint(option):  # nearly every word
            continue
        for short in option & shorts:
            readings[position] |= _broader(analyser, short)
        for short, length in phrases_at(options, position):
            for reading in readings[position : position + length]:
                reading.add(short)
    return [(word, frozenset(reading)) for word, reading in zip(found, readings, strict=True)]
