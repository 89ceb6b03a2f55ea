"""Opening hours: the week as people read it, and whether a place is open now. No database in here."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
DAYS_AHEAD = 21  # a place that stays closed longer says so in its note


@dataclass(frozen=True)
class OpeningState:
    """`spans`: today's hours. `closes`: until when, if open now. `opens`: from when today, if still to open.

    `next_opening`: the moment when it opens again, where it is closed now and that is known.
    """

    is_known: bool
    is_open: bool = False
    is_24_7: bool = False
    spans: tuple[tuple[time, time], ...] = ()
    opens: time | None = None
    closes: time | None = None
    next_opening: datetime | None = None
    note: str = ""


def opening_state(now: datetime, is_24_7: bool, hours, exceptions) -> OpeningState:
    """`now` in local time; `hours` and `exceptions` are iterables of OpeningHours and OpeningException."""
    hours, exceptions = list(hours), list(exceptions)
    state = _state_of_today(now, is_24_7, hours, exceptions)
    if state.is_open or not state.is_known:
        return state
    return replace(state, next_opening=_next_opening(now, is_24_7, hours, exceptions))


def _next_opening(now: datetime, is_24_7: bool, hours: list, exceptions: list) -> datetime | None:
    midnight = datetime.combine(now.date(), time.min, now.tzinfo)
    for moment in [now, *(midnight + timedelta(days=days) for days in range(1, DAYS_AHEAD))]:
        state = _state_of_today(moment, is_24_7, hours, exceptions)
        opens = time.min if state.is_open else state.opens
        if opens is not None:
            return datetime.combine(moment.date(), opens, now.tzinfo)
    return None


def _state_of_today(now: datetime, is_24_7: bool, hours: list, exceptions: list) -> OpeningState:
    exception = next((e for e in exceptions if e.day == now.date()), None)
    if exception:
        spans = () if exception.is_closed else ((exception.opens, exception.closes),)
    elif is_24_7:
        return OpeningState(is_known=True, is_open=True, is_24_7=True)
    elif not hours:
        return OpeningState(is_known=False)
    else:
        spans = tuple((h.opens, h.closes) for h in hours if h.weekday == now.weekday())
    moment = now.time()
    return OpeningState(
        is_known=True,
        is_open=any(opens <= moment < closes for opens, closes in spans),
        spans=spans,
        opens=next((opens for opens, _closes in spans if moment < opens), None),
        closes=next((closes for opens, closes in spans if opens <= moment < closes), None),
        note=exception.note if exception else "",
    )


def weekly_hours(hours) -> list[tuple[str, list[tuple[time, time]]]]:
    """Every weekday with its spans, in order; a day without any is closed. Empty when no hours are known."""
    hours = list(hours)
    if not hours:
        return []
    return [(name, [(h.opens, h.closes) for h in hours if h.weekday == number]) for number, name in WEEKDAYS]
