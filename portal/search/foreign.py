"""Words of translations made equal for searching, as polish.py does it for the originals: "дітей" is "дитина"."""

import re
from functools import lru_cache

from portal.content.folding import fold

from . import dictionaries
from .polish import LONGEST_WORD, Word

RULES = 1  # raised when this file makes other lemmas than before, so that `check` asks for a new index

WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")  # "сім'я" and "children's" are one word each
FUNCTION_WORDS = {
    "en": set(
        "a an and any are as at be by can do does for from get how i if in is it me my of on or our that the their to"
        " we what when where which who with you your".split()
    ),
    "uk": set("а або від в до для за з зі і із й на не о об по при про що у хто це чи як який яка та то".split()),
}
# An adjective and its noun have lemmas of their own in the list ("прийомна", "прийомний"): their stem is one.
CASE_ENDINGS = {
    "uk": sorted(
        map(
            fold,
            "ами ями ого його ому йому ої єї ій ою ею єю ими іми ах ях ам ям ів їв ей ем єм ом им ім их іх"
            " ий і ї а я о у ю е є и й ь".split(),
        ),
        key=len,
        reverse=True,
    )
}
SHORTEST_STEM = 4  # letters


def identity() -> str:
    return f"others simplemma {dictionaries.VERSION}, rules {RULES}"


def words(text: str, language: str) -> list[Word]:
    """The words of normalised `text` that carry meaning."""
    function_words = FUNCTION_WORDS.get(language, set())
    found = [Word(*match.span(), match[0]) for match in WORD.finditer(text) if _letters(_spelled(match[0]))]
    return [word for word in found if word.text.lower() not in function_words and len(word.text) <= LONGEST_WORD]


def read(text: str, language: str) -> list[tuple[Word, frozenset[str]]]:
    """The words of a document's text, each with the lemmas that find it."""
    return [
        (word, lemmas(word.text, language) or frozenset([stem(word.text, language)])) for word in words(text, language)
    ]


@lru_cache(maxsize=50_000)
def lemmas(word: str, language: str) -> frozenset[str]:
    """The folded lemmas of `word`, its stem among them; none if the language's list does not have it."""
    found = dictionaries.lemma(_spelled(word), language)
    return frozenset(filter(None, [_letters(found), stem(word, language)])) if found else frozenset()


def stem(word: str, language: str) -> str:
    """`word` folded, without the ending of its case in languages whose words have cases."""
    folded = _letters(_spelled(word))
    for ending in CASE_ENDINGS.get(language, []):
        if folded.endswith(ending) and len(folded) - len(ending) >= SHORTEST_STEM:
            return folded.removesuffix(ending)
    return folded


def _spelled(word: str) -> str:
    """In lower case, with one kind of apostrophe, and without the English possessive."""
    return re.sub("[’ʼ]", "'", word.lower()).removesuffix("'s")


def _letters(word: str) -> str:
    """Letters and digits only; "ʼ", to Unicode a letter, is none."""
    return re.sub(r"[\W_ʼ]+", "", fold(word))
