"""Numbers that must not be published: PESEL and payment cards. What is refused, also when the form is saved."""

from dataclasses import replace

from django.utils.translation import gettext as _

from portal.content.personal_data import private_numbers

from .blocks import Text
from .findings import Finding, Severity, at


def check(text: Text) -> list[Finding]:
    findings = []
    for block in text.blocks:
        for kind, found, digits in private_numbers(block.text):
            finding = at(text, block, kind, Severity.ERROR, message(kind, digits), found, block.text.find(found))
            findings.append(replace(finding, place=finding.place.replace(found, f"…{digits[-2:]}")))
    return findings


def message(kind: str, digits: str) -> str:
    """Names the number by its last digits only: the message is seen by whoever looks over the shoulder."""
    words = {
        "pesel": _("There is a PESEL number here, …%(end)s. Please remove it: it must not be published."),
        "card": _("There is a payment card number here, …%(end)s. Please remove it: it must not be published."),
    }
    return words[kind] % {"end": digits[-2:]}
