"""The form by which an institution confirms or corrects its numbers and hours."""

import re
from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..hours import WEEKDAYS
from ..models import Institution
from .models import NUMBERS
from .reporting import hours_of, numbers_of

MOST_PLACES = 2000
SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?-(\d{1,2})(?:[:.](\d{2}))?")
HOW_TO_WRITE = _("Write hours as 7:30–15:30; several with a comma between; nothing for a closed day.")


class SpansField(forms.CharField):
    """The hours of one day: "7:30–12, 13–15:30" becomes [("07:30", "12:00"), ("13:00", "15:30")]."""

    def clean(self, value):
        text = re.sub(r"\s", "", super().clean(value)).replace("–", "-").replace("—", "-")
        spans = [self._span(part) for part in re.split(r"[,;]", text) if part]
        if any(later[0] < earlier[1] for earlier, later in zip(spans, spans[1:], strict=False)):
            raise ValidationError(_("These hours overlap, or are not in order."))
        return spans

    @staticmethod
    def _span(text: str) -> tuple[str, str]:
        match = SPAN.fullmatch(text)
        try:
            opens, closes = (
                time(int(hour), int(minute or 0)) for hour, minute in (match.groups()[:2], match.groups()[2:])
            )
        except (AttributeError, ValueError):
            raise ValidationError(HOW_TO_WRITE) from None
        if closes <= opens:
            raise ValidationError(_("Closing must come after opening."))
        return f"{opens:%H:%M}", f"{closes:%H:%M}"


class PlacesForm(forms.Form):
    places_total = forms.IntegerField(label=_("Places"), min_value=0, max_value=MOST_PLACES)
    places_free = forms.IntegerField(label=_("Free places today"), min_value=0, max_value=MOST_PLACES)
    places_waiting = forms.IntegerField(
        label=_("People waiting for a place"), min_value=0, max_value=MOST_PLACES, required=False,
        help_text=_("Leave it empty if you keep no list."),
    )  # fmt: skip

    def __init__(self, institution: Institution, *args, **kwargs):
        super().__init__(*args, initial=numbers_of(institution) | _week(institution), **kwargs)
        for field in self.fields.values():
            field.widget.attrs["inputmode"] = "numeric"
        self.has_hours = not institution.is_24_7
        if self.has_hours:
            for number, name in WEEKDAYS:
                self.fields[f"day_{number}"] = SpansField(label=name, max_length=60, required=False)

    def clean(self):
        cleaned = super().clean()
        total, free = cleaned.get("places_total"), cleaned.get("places_free")
        if total is not None and free is not None and free > total:
            self.add_error("places_free", _("There cannot be more free places than places."))
        return cleaned

    def groups(self) -> list[tuple[str, list]]:
        """(legend, bound fields) for the template."""
        groups = [(_("Places today"), [self[name] for name in NUMBERS])]
        if self.has_hours:
            groups.append((_("Opening hours"), [self[f"day_{number}"] for number, _name in WEEKDAYS]))
        return groups

    @property
    def numbers(self) -> dict:
        return {name: self.cleaned_data[name] for name in NUMBERS}

    @property
    def hours(self) -> list | None:
        """As PlacesReport keeps them."""
        if not self.has_hours:
            return None
        return [[day, *span] for day, _name in WEEKDAYS for span in self.cleaned_data[f"day_{day}"]]


def _week(institution: Institution) -> dict[str, str]:
    days: dict[str, list] = {}
    for day, opens, closes in hours_of(institution):
        days.setdefault(f"day_{day}", []).append(f"{opens.removeprefix('0')}–{closes.removeprefix('0')}")
    return {name: ", ".join(spans) for name, spans in days.items()}
