"""What registered people are told because time passes or the event changes: moves, postponements, reminders.

Not told from the form that saved the change, but found by comparing what the event is with what people last heard. So
it does not matter who changed it and how, and a clerk who corrects a date twice in a minute sends one letter.
"""

import hashlib
from datetime import timedelta

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import EventSession

from . import mails
from .models import ACTIVE, Registration, RegistrationStatus, SignUp
from .seats import locked
from .told import schedule_of

SETTLED_AFTER = timedelta(seconds=60)
# Dates that follow one another so closely are one meeting of several days: it is reminded of once.
SAME_MEETING = timedelta(hours=24)


def announce_changes() -> str:
    """Tell everybody registered, once, of what has changed since they last heard. Cancelling is seats.cancel_all."""
    told = 0
    for signup in _current().filter(registrations__status__in=ACTIVE).distinct():
        schedule = schedule_of(signup.event)
        if schedule == signup.told_schedule or signup.event.is_cancelled or not _is_settled(signup.event):
            continue
        told += _announce(signup.pk)
    return f"{told} letters"


def _current():
    sessions = Prefetch("event__sessions", queryset=EventSession.objects.select_related("institution"))
    return SignUp.objects.not_over().select_related("event").prefetch_related(sessions)


def _is_settled(event) -> bool:
    changes = [event.updated_at, *(session.updated_at for session in event.all_sessions)]
    return max(changes) <= timezone.now() - SETTLED_AFTER


def _announce(signup_id: int) -> int:
    with locked(signup_id) as signup:
        schedule, before = schedule_of(signup.event), signup.told_schedule
        if schedule == before:
            return 0
        SignUp.objects.filter(pk=signup_id).update(told_schedule=schedule)
        if not before:  # nobody had been told of anything: these people signed up knowing what is there now
            return 0
        version = hashlib.sha256(f"{before}\n\n{schedule}".encode()).hexdigest()[:16]
        version = f"{version}-{signup.seq}"  # there and back again is two changes
        what = _in_words(signup.event, before)
        registrations = signup.registrations.filter(status__in=ACTIVE).order_by("queue_no")
        for registration in registrations:
            registration.signup = signup
            mails.changed(registration, what, version)
        return len(registrations)


def _in_words(event, before: str) -> list[str]:
    if event.is_postponed:
        return [_("The event is postponed. We will write when the new date is known.")]
    if before.startswith("postponed"):
        return [_("The event has its new date, see below.")]
    return [_("The date or the place of the event has changed, see below.")]


def queue_reminders() -> str:
    """Remind confirmed people of each date that is near; never of a past, cancelled or postponed one."""
    now = timezone.now()
    queued = 0
    signups = _current().exclude(reminders=None).filter(event__run_state="planned").prefetch_related("reminders")
    for signup in signups:
        for reminder in signup.reminders.all():
            for session in _due(signup.event, reminder.hours_before, now):
                queued += _remind(signup, session, reminder.hours_before)
    return f"{queued} reminders"


def _due(event, hours: int, now) -> list[EventSession]:
    dates = [session for session in event.all_sessions if not session.is_cancelled]
    found = []
    for before, session in zip([None, *dates], dates, strict=False):
        follows_at_once = before is not None and session.starts_at - before.ends_at < SAME_MEETING
        if not follows_at_once and now < session.starts_at <= now + timedelta(hours=hours):
            found.append(session)
    return found


def _remind(signup: SignUp, session: EventSession, hours: int) -> int:
    # Who got the seat after the moment of the reminder has just read the date.
    due_at = session.starts_at - timedelta(hours=hours)
    people = Registration.objects.filter(
        signup=signup, status=RegistrationStatus.CONFIRMED, status_changed_at__lte=due_at
    )
    for registration in people:
        registration.signup = signup
        mails.reminder(registration, session, hours)
    return len(people)
