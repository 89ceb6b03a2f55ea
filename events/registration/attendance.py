"""Who was there: presence of each participant on each date, and the hours that follow from it."""

from collections import defaultdict
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from events.models import EventSession

from .models import Attendance, Participant, Presence, RegistrationStatus, SignUp


def participants_of(signup: SignUp):
    """Everybody with a certain place, in the Polish order of names."""
    return Participant.objects.filter(
        registration__signup=signup, registration__status=RegistrationStatus.CONFIRMED
    ).select_related("registration")


def sessions_of(signup: SignUp) -> list[EventSession]:
    """The dates that take place."""
    return [session for session in signup.event.all_sessions if not session.is_cancelled]


def mark(participant: Participant, session: EventSession, state: str, user):
    """Write down one presence; marking again overwrites, and says who did it last."""
    Attendance.objects.update_or_create(
        participant=participant,
        session=session,
        defaults={"state": state, "marked_by": user, "marked_at": timezone.now()},
    )


@transaction.atomic
def mark_changes(signup: SignUp, session: EventSession, states: dict[int, str], user) -> int:
    """{participant id: state} of those that a form changed; everybody else is left as they are. Returns how many."""
    people = participants_of(signup).filter(pk__in=states)
    for participant in people:
        mark(participant, session, states[participant.pk], user)
    return len(people)


def states_on(session: EventSession, people) -> dict[int, str]:
    """{participant id: state} of those who are marked on that date."""
    return dict(Attendance.objects.filter(session=session, participant__in=people).values_list("participant", "state"))


def hours_of(signup: SignUp) -> dict[int, Decimal]:
    """{participant id: hours counted}: those of the dates on which they were present; a date without a number has 0.

    A date that is still to come counts nothing, whatever was marked ahead: no certificate before the training.
    """
    hours = defaultdict(Decimal)
    attended = Attendance.objects.filter(
        participant__registration__signup=signup,
        state=Presence.PRESENT,
        session__status="planned",
        session__starts_at__lte=timezone.now(),
    )
    for participant, counted in attended.values_list("participant", "session__didactic_hours"):
        hours[participant] += counted or 0
    return dict(hours)
