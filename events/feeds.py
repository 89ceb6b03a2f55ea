"""Calendar files: one event, and all of them to subscribe to (RFC 5545).

One VEVENT for each date, in UTC, so that no time zone has to be described; every value comes from the rows, so that an
unchanged event is the same file to the byte. No link to an online meeting and no name of a participant: people share
their calendars.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar
from icalendar import Event as Entry

from institutions.models import Office
from portal.addresses.models import Moved, get_by_address
from portal.content.structured_data import absolute

from .models import Event, EventSession

KEPT = timedelta(days=60)  # past dates and cancelled ones stay this long, so that subscribers see what became of them
MOST_DATES = 500


@require_safe
def event_file(request, slug: str):
    try:
        event = get_by_address(Event.objects.reachable().for_detail(), slug)
    except Moved as moved:
        raise Moved(f"{moved.url.rstrip('/')}.ics") from None
    response = answer(calendar_of(event.all_sessions))
    response["Content-Disposition"] = content_disposition_header(True, f"{event.slug}.ics")
    return response


@require_safe
def calendar_feed(request):
    """The nearest dates first where there are more than a calendar should be given."""
    dates = EventSession.objects.in_calendar().for_list()
    coming = list(dates.current()[:MOST_DATES])
    past = dates.filter(ends_at__gt=timezone.now() - KEPT, ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")
    found = calendar_of([*past[: MOST_DATES - len(coming)]][::-1] + coming)
    name = _("Events – %(site)s") % {"site": Office.current().wording("site_name").text}
    found.add("name", name)
    found.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    # The older names of both, which Outlook and others know.
    found.add("x-wr-calname", name)
    found.add("x-published-ttl", "PT12H")
    return answer(found)


def answer(found: Calendar) -> HttpResponse:
    return HttpResponse(found.to_ical(), content_type="text/calendar; charset=utf-8")


def calendar_of(sessions: list[EventSession]) -> Calendar:
    found = Calendar()
    found.add("prodid", f"-//{settings.SITE_HOST}//Portal//PL")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    # Not REQUEST: nobody is asked to answer, and there would be nobody to read it.
    found.add("method", "PUBLISH")
    for session in sessions:
        found.add_component(entry(session))
    return found


def entry(session: EventSession) -> Entry:
    event = session.event
    changed = last_change(session)
    found = Entry()
    found.add("uid", f"{session.uid}@{settings.SITE_HOST}")
    found.add("sequence", event.ical_sequence)
    found.add("dtstamp", changed)
    found.add("last-modified", changed)
    found.add("summary", title(session))
    found.add("status", status(session))
    found.add("url", absolute(event.get_absolute_url()))
    found.add("categories", [str(event.get_kind_display())])
    if session.is_all_day:
        found.add("dtstart", session.first_day)
        found.add("dtend", session.last_day + timedelta(days=1))  # the day after, by the standard
    else:
        found.add("dtstart", session.starts_at.astimezone(UTC))
        found.add("dtend", session.ends_at.astimezone(UTC))
    if session.place:
        found.add("location", session.place)
    if event.summary:
        found.add("description", event.summary)
    return found


def title(session: EventSession) -> str:
    """Many calendars hide STATUS, so what is off says it in its name too."""
    if session.event.is_cancelled or session.is_cancelled:
        return _("CANCELLED: %(title)s") % {"title": session.event.title}
    if session.event.is_postponed:
        return _("POSTPONED: %(title)s") % {"title": session.event.title}
    return session.event.title


def status(session: EventSession) -> str:
    if session.event.is_cancelled or session.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if session.event.is_postponed else "CONFIRMED"


def last_change(session: EventSession) -> datetime:
    """Of the date, of its event, or of the institution whose address it shows."""
    changes = [session.updated_at, session.event.updated_at]
    if session.institution:
        changes.append(session.institution.updated_at)
    return max(changes).astimezone(UTC).replace(microsecond=0)
