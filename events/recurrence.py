"""Dates by a rule: a wizard's arithmetic. The rule is not kept; what it makes are plain dates with lives of their own.

All in Warsaw wall-clock time: a meeting at nine is at nine in summer and in winter. When the clocks change, one hour of
a night does not exist and another comes twice; the first is refused, for the second the clerk is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

MOST_DATES = 100


@dataclass(frozen=True)
class Rule:
    """On these weekdays (0 is Monday) of every so many weeks, `count` times or until a day; both may end it."""

    first: date
    starts: time
    ends: time
    weekdays: set[int]
    every_weeks: int = 1
    count: int | None = None
    until: date | None = None
    skipped: set[date] = field(default_factory=set)
    is_second_hour: bool | None = None  # of a time that comes twice; None: not answered yet


class ComesTwice(ValidationError):
    """The clock shows this time twice on that night: which is meant?"""


def days_of(rule: Rule) -> Iterator[date]:
    """Skipped days are not made up for: `count` counts them too, as they stand in the rule."""
    monday = rule.first - timedelta(days=rule.first.weekday())
    last = rule.until or date.max
    # One more than may be made, so that `dates_of` refuses them instead of leaving the rest out in silence.
    most = MOST_DATES + 1 + len(rule.skipped)
    wanted = min(rule.count or most, most)
    found = 0
    while monday <= last and found < wanted:
        for weekday in sorted(rule.weekdays):
            day = monday + timedelta(days=weekday)
            if rule.first <= day <= last and found < wanted:
                found += 1
                if day not in rule.skipped:
                    yield day
        monday += timedelta(weeks=rule.every_weeks)


def dates_of(rule: Rule) -> list[tuple[datetime, datetime]]:
    """(start, end) of every date. Raises ValidationError, ComesTwice where the night of a clock change must be told."""
    days = list(days_of(rule))
    if not days:
        raise ValidationError(_("No day fits: check the weekdays, the last day and the days left out."))
    if len(days) > MOST_DATES:
        raise ValidationError(
            _("These are more than %(most)d dates. Please make them in parts.") % {"most": MOST_DATES}
        )
    # An end before the start is the next day's: an evening that ends after midnight.
    lasts_over_midnight = rule.ends <= rule.starts
    return [
        (
            at(day, rule.starts, rule.is_second_hour),
            at(day + timedelta(days=lasts_over_midnight), rule.ends, rule.is_second_hour),
        )
        for day in days
    ]


def at(day: date, clock: time, is_second_hour: bool | None = None) -> datetime:
    """The moment when clocks in Warsaw show this. Raises ValidationError where they never do, ComesTwice.

    In UTC, because Python holds two times of different zones for unequal where one of them comes twice.
    """
    zone = timezone.get_default_timezone()
    first, second = (datetime.combine(day, clock, zone).replace(fold=fold) for fold in (0, 1))
    words = {"day": date_format(day, "j E Y"), "hour": date_format(clock, "G:i")}
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.utcoffset() < second.utcoffset():  # clocks go forward
        raise ValidationError(
            _("On %(day)s the clocks are put forward: there is no %(hour)s that night.") % words, "does_not_exist"
        )
    if is_second_hour is None:
        raise ComesTwice(
            _("On %(day)s the clocks are put back: %(hour)s comes twice that night. Say which you mean.") % words,
            "comes_twice",
        )
    return (second if is_second_hour else first).astimezone(UTC)


def moved(moment: datetime, days: int) -> datetime:
    """The same hour on the clock so many days later, whatever the clocks did meanwhile.

    In the night of a clock change the hour that does not exist becomes the next, the one that comes twice the first.
    """
    local = timezone.localtime(moment)
    clock = (local + timedelta(days=days)).replace(tzinfo=None)
    return timezone.make_aware(clock, timezone.get_default_timezone()).astimezone(UTC)
