"""What search engines are told of an event: schema.org. Where it is comes from `location` and `place_name` alone."""

from django.utils import timezone

from institutions.structured_data import address, coordinates
from portal.content.structured_data import absolute

from .models import Event, EventSession, Role, SessionMode

ATTENDANCE = {
    SessionMode.ONSITE: "OfflineEventAttendanceMode",
    SessionMode.ONLINE: "OnlineEventAttendanceMode",
    SessionMode.HYBRID: "MixedEventAttendanceMode",
}
SCHEMA = "https://schema.org/"


def event(found: Event) -> dict:
    """An Event for each date: search engines know no event of several."""
    return {"@graph": [of_date(found, session) for session in found.all_sessions]}


def of_date(found: Event, session: EventSession) -> dict:
    return {
        "@type": "Event",
        "name": found.title,
        "description": found.summary,
        "url": absolute(found.get_absolute_url()),
        "image": absolute(found.cover.largest_url) if found.cover else "",
        "startDate": moment(session.starts_at, session.is_all_day),
        "endDate": session.last_day.isoformat() if session.is_all_day else moment(session.ends_at),
        "eventStatus": SCHEMA + status(found, session),
        "eventAttendanceMode": SCHEMA + ATTENDANCE[session.mode],
        "location": places(found, session),
        "organizer": [
            {"@type": "Organization", "name": str(party)}
            for party in found.parties.all()
            if party.role == Role.ORGANIZER
        ],
    }


def moment(value, is_all_day: bool = False) -> str:
    local = timezone.localtime(value)
    return local.date().isoformat() if is_all_day else local.isoformat(timespec="minutes")


def status(found: Event, session: EventSession) -> str:
    if found.is_cancelled or session.is_cancelled:
        return "EventCancelled"
    return "EventPostponed" if found.is_postponed else "EventScheduled"


def places(found: Event, session: EventSession) -> list[dict]:
    """The building, and for those at a screen this page: the link to the meeting is for confirmed people only."""
    result = []
    if session.mode != SessionMode.ONLINE and session.place_name:
        where = session.location
        building = {"address": address(where) or where.street, "geo": coordinates(where)}
        result.append({"@type": "Place", "name": session.place_name, **building})
    if session.mode != SessionMode.ONSITE:
        result.append({"@type": "VirtualLocation", "url": absolute(found.get_absolute_url())})
    return result
