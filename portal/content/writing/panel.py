"""The findings of a form as the panel "Text check" shows them, above its buttons and while somebody writes."""

import json
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.content.richtext import MOST_CHARACTERS, RichTextFormField

from . import texts
from .findings import Finding, Severity
from .forms import is_written
from .pasting import LEFTOVERS

MOST_BYTES = 2_000_000
MOST_TEXTS = 300
TEMPLATE = "admin/includes/_text_check.html"


@dataclass
class Panel:
    findings: list[Finding]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """(level, how many) of every level that occurs."""
        levels = [finding.level for finding in self.findings]
        return [(s.name.lower(), levels.count(s.name.lower())) for s in Severity if s.name.lower() in levels]


def of_forms(forms) -> Panel:
    """Of the written fields of these forms, as they were sent or as they are saved."""
    findings = []
    for form in forms:
        for name, field in form.fields.items():
            if is_written(field) and isinstance(value := form[name].value(), str) and value:
                findings += _check(
                    form[name].auto_id, str(form[name].label), value, isinstance(field, RichTextFormField)
                )
    return _panel(findings)


def _check(field: str, label: str, value: str, is_rich: bool, pasted: frozenset[str] = frozenset()) -> list[Finding]:
    return [finding.of_field(field, label) for finding in texts.check(value, is_rich=is_rich, pasted=pasted)]


def _panel(findings: list[Finding]) -> Panel:
    return Panel(sorted(findings, key=lambda finding: finding.severity))


@require_POST
def check_view(request):
    """The panel for texts that are being written: JSON {"texts": [{field, label, value, isRich, pasted}, …]}."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return HttpResponse(_("The text is too long to be checked while it is written."), status=413)
        sent = json.loads(request.body)
        wanted = [_read(text) for text in sent["texts"][:MOST_TEXTS]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return HttpResponse(status=400)
    panel = _panel([finding for text in wanted for finding in _check(*text)])
    return render(request, TEMPLATE, {"text_check": panel})


def _read(text: dict) -> tuple:
    """The arguments of `_check`. Raises TypeError or KeyError for what the script would not send."""
    limits = {"field": 100, "label": 200, "value": MOST_CHARACTERS + 1}
    field, label, value = (_words(text[name])[:limit] for name, limit in limits.items())
    pasted = frozenset(name for name in text.get("pasted") or [] if isinstance(name, str)) & LEFTOVERS.keys()
    return field, label, value, text.get("isRich") is True, pasted


def _words(value) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.replace("\x00", "").encode(errors="ignore").decode()
