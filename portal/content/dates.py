"""Reckoning with calendar days."""

import calendar
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def months_later(day: date, months: int, end_stays: bool = False) -> date:
    """The same day of that month, or its last one. `end_stays`: from the last day of a month to the last of another."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    is_end = end_stays and day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_end else min(day.day, last))


def next_of(first: date, months: int, after: date) -> date:
    """The first day after `after` of those that begin with `first` and come every so many months."""
    steps = 0
    while (day := months_later(first, steps * months, end_stays=True)) <= after:
        steps += 1
    return day


def refuse_days_to_come(row, *names: str):
    """For a model's `clean()`. Raises ValidationError beside the first of these fields that lies after today."""
    for name in names:
        day = getattr(row, name)
        if day and day > timezone.localdate():
            raise ValidationError({name: _("This day is still to come.")})
