"""All checks of one text."""

from dataclasses import replace

from django.utils.html import escape
from django.utils.translation import gettext as _

from portal.content import richtext

from . import blocks, links, numbers, pasting, reading_ease, structure
from .findings import Finding, Severity

OF_RICH_TEXT = [
    numbers.check,
    structure.check_headings,
    structure.check_tables,
    structure.check_capitals,
    structure.check_same_words,
    links.check_words,
    links.check_targets,
    reading_ease.check,
]
OF_PLAIN_TEXT = [numbers.check, structure.check_capitals]
SHOWN_OF_A_KIND = 10


def check(value: str, *, is_rich: bool = False, pasted: frozenset[str] = frozenset()) -> list[Finding]:
    """What is to be said about `value` as an editor has it, the gravest first. `pasted`: see pasting.LEFTOVERS."""
    if not value:
        return pasting.check("", pasted) if is_rich else []
    if is_rich and len(value) > richtext.MOST_CHARACTERS:
        return [Finding("too-long", Severity.ERROR, richtext.too_long(value))]
    text = blocks.read(richtext.clean(value) if is_rich else f"<p>{escape(value)}</p>")
    findings = pasting.check(value, pasted) if is_rich else []
    for one_check in OF_RICH_TEXT if is_rich else OF_PLAIN_TEXT:
        findings += _some(one_check(text))
    if not is_rich:  # one line has no paragraphs to be numbered
        findings = [replace(finding, place=finding.place.partition(": ")[2]) for finding in findings]
    return sorted(findings, key=lambda finding: finding.severity)


def _some(findings: list[Finding]) -> list[Finding]:
    """The first ten and how many more: a list of a thousand helps nobody."""
    shown = findings[:SHOWN_OF_A_KIND]
    if rest := len(findings) - len(shown):
        gravest = min(finding.severity for finding in findings[SHOWN_OF_A_KIND:])
        shown.append(Finding("and-more", gravest, _("And %(count)d more like the one above.") % {"count": rest}))
    return shown
