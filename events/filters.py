"""The filters of the calendar: a plain GET form, and links to the days people ask for most. Their names are Polish.

A value that nobody knows is named beside its field and otherwise ignored: the reader still gets a list.
"""

from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import DateInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFilter, FilterSet

from .calendar import midnight, this_day, this_month, this_week
from .models import EventSession, Kind

UNKNOWN = {"invalid_choice": _("There is no such choice here, so all are shown.")}
PERIODS = {
    "dzis": (_("today"), this_day),
    "tydzien": (_("this week"), this_week),
    "miesiac": (_("this month"), this_month),
}
# Computing with days near the year 1 or 9999 overflows.
SENSIBLE_DAYS = [
    MinValueValidator(date(1990, 1, 1), _("Choose a day after 1990.")),
    MaxValueValidator(date(2099, 12, 31), _("Choose a day before 2100.")),
]


def day_filter(method: str, label: str) -> DateFilter:
    widget = DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DateFilter(method=method, label=label, widget=widget, validators=SENSIBLE_DAYS)


class EventFilter(FilterSet):
    """Of dates (sessions). Without a first day it shows what runs and what comes; with one, also what has passed."""

    rodzaj = ChoiceFilter(
        field_name="event__kind",
        choices=Kind.choices,
        label=_("Kind"),
        empty_label=_("all kinds"),
        error_messages=UNKNOWN,
    )
    od = day_filter("from_day", _("From"))
    do = day_filter("to_day", _("To"))

    class Meta:
        model = EventSession
        fields = []

    def from_day(self, sessions, _name, day):
        return sessions.between(midnight(day), None)

    def to_day(self, sessions, _name, day):
        return sessions.between(None, midnight(day + timedelta(days=1)))

    def filter_queryset(self, sessions):
        sessions = super().filter_queryset(sessions)
        if self.period:
            _label, period = PERIODS[self.period]
            sessions = sessions.between(period().starts_at, period().ends_at)
        return sessions if self.chosen.get("od") else sessions.current()

    @property
    def chosen(self) -> dict:
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def period(self) -> str:
        """The chosen link ("tydzien" …); days written by hand win over it."""
        name = self.data.get("kiedy", "")
        return name if name in PERIODS and not (self.chosen.get("od") or self.chosen.get("do")) else ""

    @property
    def first_day(self) -> date:
        """The day under which the list begins."""
        return self.chosen.get("od") or timezone.localdate()

    @property
    def is_active(self) -> bool:
        return bool(self.period) or any(self.chosen.values())
