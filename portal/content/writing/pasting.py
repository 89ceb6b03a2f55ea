"""What the cleaner takes out of a paste, said once, because the editor sees it vanish without a word.

`richtext.clean()` keeps no picture at all (pictures come from the gallery, where each has its alternative text), so an
image without one cannot occur in a text; that one was pasted can.
"""

import re

from django.utils.translation import gettext as _

from .findings import Finding, Severity

LEFTOVERS = {
    "picture": re.compile(r"<(?:img|picture|svg|v:imagedata)\b", re.IGNORECASE),
    "word": re.compile(
        r"class=\"?'?Mso|mso-|urn:schemas-microsoft-com|docs-internal-guid|<o:p|content=\"(?:LibreOffice|Microsoft)",
        re.IGNORECASE,
    ),
}


def check(value: str, pasted: frozenset[str] = frozenset()) -> list[Finding]:
    """`pasted` names what the editor's script saw coming in: the editor itself filters much before anything is sent."""
    found = {name for name, pattern in LEFTOVERS.items() if name in pasted or pattern.search(value)}
    findings = []
    if "picture" in found:
        message = _("A picture was left out of the text: add it to the gallery, where it gets its description.")
        findings.append(Finding("picture-removed", Severity.WARNING, message))
    if "word" in found:
        message = _("The formatting of Word was removed; the words, headings, lists and tables stayed.")
        findings.append(Finding("word-cleaned", Severity.HINT, message))
    return findings
