"""Days, weeks and months as people in Warsaw count them. No database in here.

All of it is computed on the server: a browser elsewhere, or one that takes Sunday for the first day, would answer
"this week" and "this month" wrongly.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy

IN_MONTH = {
    1: pgettext_lazy("when it is planned", "in January %(year)s"),
    2: pgettext_lazy("when it is planned", "in February %(year)s"),
    3: pgettext_lazy("when it is planned", "in March %(year)s"),
    4: pgettext_lazy("when it is planned", "in April %(year)s"),
    5: pgettext_lazy("when it is planned", "in May %(year)s"),
    6: pgettext_lazy("when it is planned", "in June %(year)s"),
    7: pgettext_lazy("when it is planned", "in July %(year)s"),
    8: pgettext_lazy("when it is planned", "in August %(year)s"),
    9: pgettext_lazy("when it is planned", "in September %(year)s"),
    10: pgettext_lazy("when it is planned", "in October %(year)s"),
    11: pgettext_lazy("when it is planned", "in November %(year)s"),
    12: pgettext_lazy("when it is planned", "in December %(year)s"),
}
ROMAN = ["I", "II", "III", "IV"]


def in_words(day: date, precision: str) -> str:
    """When something is planned, as exactly as it is known: `precision` is a value of events.models.Precision."""
    if precision == "month":
        return IN_MONTH[day.month] % {"year": day.year}
    if precision == "quarter":
        quarter = ROMAN[(day.month - 1) // 3]
        return gettext("in quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": day.year}
    if precision == "year":
        return gettext("in the year %(year)s") % {"year": day.year}
    return date_format(day, "j E Y")


@dataclass(frozen=True)
class Period:
    """Whole days, from the first to the last."""

    first: date
    last: date

    @property
    def starts_at(self) -> datetime:
        return midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        return midnight(self.last + timedelta(days=1))


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def this_day() -> Period:
    today = timezone.localdate()
    return Period(today, today)


def this_week() -> Period:
    """From Monday to Sunday."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    return Period(monday, monday + timedelta(days=6))


def this_month() -> Period:
    return Month.of(timezone.localdate()).period


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def period(self) -> Period:
        return Period(self.first, self.first.replace(day=calendar.monthrange(self.year, self.number)[1]))

    @property
    def previous(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def next(self) -> "Month":
        return Month.of(self.period.last + timedelta(days=1))

    @property
    def weeks(self) -> list[list[date | None]]:
        """Rows of a table, Monday first; None for the days of its neighbours."""
        rows = calendar.Calendar().monthdatescalendar(self.year, self.number)
        return [[day if day.month == self.number else None for day in row] for row in rows]

    def __str__(self):
        return f"{self.year:04}-{self.number:02}"


def by_day(sessions: Iterable, since: date) -> list[tuple[date, list]]:
    """Sessions in order of time, under the day on which each begins; one that began before `since` under that day."""
    return [(day, list(found)) for day, found in groupby(sessions, key=lambda session: max(session.first_day, since))]


def on_each_day(sessions: Iterable, period: Period) -> dict[date, list]:
    """The sessions of every day of `period`; one of three days stands under all three."""
    days = {}
    for session in sessions:
        day, last = max(session.first_day, period.first), min(session.last_day, period.last)
        while day <= last:
            days.setdefault(day, []).append(session)
            day += timedelta(days=1)
    return days
