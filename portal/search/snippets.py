"""The found words, marked in the text around them."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from . import polish, reading
from .expression import Expression, terms_of
from .polish import Word

LENGTH = 240
BEFORE = 60  # characters shown before the first marked word
LONGEST_SCAN = 20_000


def marked(text: str, expression: Expression, language: str) -> SafeString:
    """`text` escaped, with <mark> around the words that were found."""
    return _with_marks(text, 0, len(text), _found_words(text, expression, language))


def snippet(title: str, lead: str, body: str, expression: Expression, language: str) -> SafeString:
    """The lead, if title and lead show as many of the words as the body does; else the part of the body with most."""
    found_in_body = _found_words(body[:LONGEST_SCAN], expression, language)
    found_in_lead = _found_words(lead, expression, language)
    found_in_title = _found_words(title, expression, language)
    is_lead_enough = _variety([*found_in_title, *found_in_lead]) >= _variety(found_in_body)
    text, found = (lead, found_in_lead) if lead and is_lead_enough else (body, found_in_body)
    start, end = _window(text, found)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(f"{before}{_with_marks(text, start, end, found)}{after}")  # noqa: S308


def _found_words(text: str, expression: Expression, language: str) -> list[Word]:
    terms = terms_of(expression)
    return [word for word, lemmas in reading.read(text, language) if any(term.found_in(lemmas) for term in terms)]


def _variety(words: list[Word]) -> int:
    return len({polish.stem(word.text) for word in words})


def _window(text: str, found: list[Word]) -> tuple[int, int]:
    """Start and end of the stretch with the most different found words, at the ends of words."""
    if len(text) <= LENGTH:
        return 0, len(text)
    starts = [max(0, word.start - BEFORE) for word in found] or [0]
    start = max(
        starts,
        key=lambda start: _variety([word for word in found if start <= word.start and word.end <= start + LENGTH]),
    )
    if start:
        start = text.find(" ", start) + 1
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", start, end), start)
    return start, max(end, start + 1)


def _with_marks(text: str, start: int, end: int, found: list[Word]) -> SafeString:
    pieces, position = [], start
    for word in found:
        if start <= word.start and word.end <= end:
            pieces += [escape(text[position : word.start]), "<mark>", escape(text[word.start : word.end]), "</mark>"]
            position = word.end
    pieces.append(escape(text[position:end]))
    return mark_safe("".join(pieces))  # noqa: S308
