"""Yearly figures of meetings and trainings, as a county office reports them.

Counted from rows that forgetting leaves behind, so a year's figures stay what they were. An event belongs to the year
in which its last date ended; one that was cancelled is counted only as cancelled, one postponed not at all.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from events.models import Event, EventSession, Kind, RunState, SessionStatus
from portal.content.publishing import Status

from .models import (
    Attendance,
    Certificate,
    CertificateKind,
    Participant,
    Presence,
    Reason,
    Registration,
    RegistrationStatus,
)


@dataclass
class Figures:
    """Of one kind of event, or of all together. Hours are didactic hours."""

    events: int = 0
    sessions: int = 0
    hours: Decimal = Decimal(0)
    registrations: int = 0
    confirmed: int = 0  # people: a couple counts as two
    attended: int = 0  # people who came at least once
    person_hours: Decimal = Decimal(0)
    certificates: int = 0
    statutory: int = 0
    not_served: int = 0  # people who waited to the end and got no place
    cancelled: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(mine + others for mine, others in zip(vars(self).values(), vars(other).values(), strict=True)))

    @property
    def values(self) -> list[int | Decimal]:
        return list(vars(self).values())


def figures_of(year: int) -> dict[str, Figures]:
    """{kind of event: its figures}, the kinds that had any in that year, in their usual order."""
    held, cancelled = held_in(year), cancelled_in(year)
    sums = {
        "events": _by_kind(Event.objects.filter(pk__in=held), "kind", Count("pk")),
        **_of_dates(held),
        **_of_registrations(held),
        **_of_presence(held),
        **_of_certificates(held),
        "cancelled": _by_kind(Event.objects.filter(pk__in=cancelled), "kind", Count("pk")),
    }
    found = {
        kind: Figures(**{name: by_kind[kind] for name, by_kind in sums.items() if kind in by_kind}) for kind in Kind
    }
    return {kind: figures for kind, figures in found.items() if figures != Figures()}


def years() -> list[int]:
    """From this year back to that of the first date."""
    this_year = timezone.localdate().year
    first = EventSession.objects.aggregate(first=Min("ends_at"))["first"]
    start = min(timezone.localtime(first).year, this_year) if first else this_year
    return list(range(this_year, start - 1, -1))


# --- Which events -----------------------------------------------------------------------------------------------------


def _of_year(last_end, year: int):
    """Events whose last end, an aggregate over their dates, is in the year and over; translations are no events."""
    zone = timezone.get_default_timezone()
    starts, ends = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    events = Event.objects.originals().filter(status__in=[Status.PUBLISHED, Status.ARCHIVED])
    events = events.annotate(last=last_end).filter(last__gte=starts, last__lt=min(ends, timezone.now()))
    return events.order_by().values("pk")


def held_in(year: int):
    last_end = Max("sessions__ends_at", filter=Q(sessions__status=SessionStatus.PLANNED))
    return _of_year(last_end, year).filter(run_state=RunState.PLANNED)


def cancelled_in(year: int):
    return _of_year(Max("sessions__ends_at"), year).filter(run_state=RunState.CANCELLED)


# --- What is counted --------------------------------------------------------------------------------------------------


def _by_kind(rows, kind: str, number) -> dict:
    return dict(rows.order_by().values(kind).annotate(number=number).values_list(kind, "number"))


def _of_dates(held) -> dict[str, dict]:
    dates = EventSession.objects.filter(event__in=held, status=SessionStatus.PLANNED)
    return {
        "sessions": _by_kind(dates, "event__kind", Count("pk")),
        "hours": _by_kind(dates.exclude(didactic_hours=None), "event__kind", Sum("didactic_hours")),
    }


def _of_registrations(held) -> dict[str, dict]:
    rows = Registration.objects.filter(signup__event__in=held)
    # `tick` ends what still waits when the event is over; until then it waits.
    waited = Q(status=RegistrationStatus.WAITING) | Q(
        status=RegistrationStatus.EXPIRED, history__from_status=RegistrationStatus.WAITING,
        history__reason=Reason.EVENT_OVER,
    )  # fmt: skip
    kind = "signup__event__kind"
    return {
        "registrations": _by_kind(rows, kind, Count("pk")),
        "confirmed": _by_kind(rows.confirmed(), kind, Sum("seats")),
        "not_served": _by_kind(
            Registration.objects.filter(pk__in=rows.filter(waited).values("pk")), kind, Sum("seats")
        ),
    }


def _of_presence(held) -> dict[str, dict]:
    present = Attendance.objects.filter(
        session__event__in=held, session__status=SessionStatus.PLANNED, state=Presence.PRESENT
    )
    people = Participant.objects.filter(pk__in=present.values("participant"))
    return {
        "attended": _by_kind(people, "registration__signup__event__kind", Count("pk")),
        "person_hours": _by_kind(
            present.exclude(session__didactic_hours=None), "session__event__kind", Sum("session__didactic_hours")
        ),
    }


def _of_certificates(held) -> dict[str, dict]:
    valid = Certificate.objects.filter(signup__event__in=held, revoked_at=None)
    names = {"certificates": CertificateKind.ATTENDANCE, "statutory": CertificateKind.STATUTORY}
    return {
        name: _by_kind(valid.filter(kind=value), "signup__event__kind", Count("pk")) for name, value in names.items()
    }
