"""A new event like an earlier one ("jak poprzednie szkolenie"): the same texts and programme on other days, a draft."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from portal.content.publishing import Status

from .models import Event
from .recurrence import moved

COPIED = """
    kind motto summary description audience visibility series contact_name contact_phone contact_email project
    funding_note language
""".split()
OF_SESSION = ["is_all_day", "mode", "institution", "venue", "room", "address", "didactic_hours"]
OF_ITEM = ["position", "starts_at", "minutes", "kind", "title", "description", "speakers"]

_copiers: list[Callable[[Event, Event, int], None]] = []


def register_copier(copy: Callable[[Event, Event, int], None]):
    """Have `copy(original, new event, days between)` called: so a floor above puts its own part on the copy."""
    _copiers.append(copy)


@transaction.atomic
def copy_event(original: Event, title: str, first_day: date) -> Event:
    """A draft whose first date is on `first_day`; the others follow at the same distance, at the same hours.

    Not copied is what belongs to one meeting only: people, photos, the record, and that it was cancelled.
    """
    days = (first_day - original.first_day).days if original.all_sessions else 0
    event = Event.objects.create(title=title, status=Status.DRAFT, **{name: getattr(original, name) for name in COPIED})
    sessions = {}
    for session in original.all_sessions:
        starts_at, ends_at = moved(session.starts_at, days), moved(session.ends_at, days)
        if ends_at <= starts_at:  # in the night of a clock change
            ends_at = starts_at + (session.ends_at - session.starts_at)
        sessions[session.pk] = event.sessions.create(
            starts_at=starts_at,
            ends_at=ends_at,
            **{name: getattr(session, name) for name in OF_SESSION},
        )
    for item in original.agenda.all():
        event.agenda.create(session=sessions.get(item.session_id), **{name: getattr(item, name) for name in OF_ITEM})
    for party in original.parties.all():
        event.parties.create(role=party.role, institution=party.institution, name=party.name, position=party.position)
    for group in original.audience_groups.all():
        event.audience_groups.create(label=group.label, position=group.position)
    for copy in _copiers:
        copy(original, event, days)
    return event
