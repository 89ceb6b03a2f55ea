"""The public pages of the calendar."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses.models import get_by_address
from portal.addresses.translations import lead_to_reader
from portal.content import languages
from portal.content.paging import CappedPaginator, page_or_404, years_of
from portal.content.preview import keep_private, preview_or_public
from portal.counters.journal import mark_viewed

from . import structured_data
from .calendar import Month, Period, by_day, on_each_day
from .filters import PERIODS, EventFilter
from .models import Event, EventSession
from .registration.models import SignUp
from .registration.words import state_of, until_words

DATES_PER_PAGE = 30
EVENTS_PER_PAGE = 20
RELATED = 5


@require_safe
def event_list(request):
    """By day: an event of three dates stands under each of them, for that is when one can go there."""
    filters = EventFilter(request.GET, EventSession.objects.in_calendar().for_list())
    page = page_or_404(request, CappedPaginator(filters.qs, DATES_PER_PAGE))
    show_states_of_sign_up(page.object_list)
    context = {
        "filters": filters,
        "periods": [(name, label) for name, (label, _period) in PERIODS.items()],
        "page_obj": page,
        "days": by_day(page, since=filters.first_day),
        "breadcrumbs": trail(),
    }
    return render(request, "events/event_list.html", context)


@require_safe
def month(request, month: Month):
    first, last = known_months()
    if not first <= month <= last:
        raise Http404
    sessions = EventSession.objects.in_calendar().for_list().between(month.period.starts_at, month.period.ends_at)
    days = on_each_day(sessions, month.period)
    context = {
        "month": month,
        "weekdays": WEEKDAYS.values(),
        "weeks": [[(day, days.get(day, [])) for day in week] for week in month.weeks],
        "today": timezone.localdate(),
        "previous": month.previous if month > first else None,
        "next": month.next if month < last else None,
        "breadcrumbs": trail((_("Month by month"), "")),
    }
    return render(request, "events/month.html", context)


@require_safe
def archive(request):
    years = years_of(EventSession.objects.in_calendar().filter(ends_at__lte=timezone.now()), "ends_at")
    year = chosen_year(request, years)
    ended = ended_in(year) if year else Event.objects.none()
    context = {
        "years": years,
        "year": year,
        "page_obj": page_or_404(request, CappedPaginator(ended, EVENTS_PER_PAGE)),
        "breadcrumbs": trail((_("Past events"), "")),
    }
    return render(request, "events/archive.html", context)


@require_safe
def event(request, slug: str):
    events = preview_or_public(request, Event.objects.reachable(), Event.objects.all())
    found = get_by_address(events.for_detail(), slug)
    report = getattr(found, "report", None)
    context = {
        "event": found,
        "versions": lead_to_reader(found),
        "report": report if report and report.is_public else None,
        "programme": programme(found),
        "photos": list(found.photos.all()),
        "articles": found.articles.published().for_readers().newest_first()[:RELATED],
        "series_events": others_of_series(found),
        "structured_data": structured_data.event(found),
        "sign_up": sign_up_of(found),
        "breadcrumbs": trail((languages.Written(found.title, found.language), "")),
    }
    response = render(request, "events/event.html", context)
    return keep_private(response) if found.is_preview else mark_viewed(response, found)


def sign_up_of(found: Event) -> dict:
    """The sign-up of an event as its page shows it; empty without one, and when there is nothing to sign up for."""
    signup = SignUp.objects.with_counts().filter(event=found).first()
    if signup is None or found.is_past or found.is_cancelled:
        return {}
    signup.event = found
    return {"signup": signup, "state": state_of(signup), "until": until_words(signup)}


def show_states_of_sign_up(sessions) -> None:
    """Give each session's event its `sign_up_state` where it has a sign-up that is not over; one query for a list."""
    events = {session.event_id: session.event for session in sessions}
    for signup in SignUp.objects.with_counts().filter(event__in=events):
        signup.event = events[signup.event_id]
        if not signup.event.is_past and not signup.event.is_cancelled:
            signup.event.sign_up_state = state_of(signup)


def known_months() -> tuple[Month, Month]:
    """From the first event to the last, and this month in any case; robots find no month beyond."""
    dates = EventSession.objects.in_calendar()
    first = dates.order_by("starts_at").values_list("starts_at", flat=True).first()
    last = dates.order_by("-ends_at").values_list("ends_at", flat=True).first()
    days = [timezone.localdate(), *(timezone.localdate(moment) for moment in (first, last) if moment)]
    return Month.of(min(days)), Month.of(max(days))


def chosen_year(request, years: list[int]) -> int | None:
    """The year asked for, else the last one; a year before the first event, or one to come, is no page."""
    asked = request.GET.get("rok")
    if asked is None:
        return years[0] if years else None
    if asked not in map(str, years):
        raise Http404
    return int(asked)


def ended_in(year: int):
    """Past events whose last date ended in that year, the latest first."""
    whole = Period(Month(year, 1).first, Month(year, 12).period.last)
    return Event.objects.published().for_readers().past(whole.starts_at, whole.ends_at).for_list()


def programme(found: Event) -> list[tuple[EventSession | None, list]]:
    """The items under their dates, in order of time; those of no date first."""
    items = {}
    for item in found.agenda.all():
        items.setdefault(item.session_id, []).append(item)
    parts = [(None, items.get(None)), *((session, items.get(session.pk)) for session in found.all_sessions)]
    return [(session, of_session) for session, of_session in parts if of_session]


def others_of_series(found: Event):
    if not found.series:
        return []
    others = found.series.events.published().for_readers().exclude(pk=found.pk)
    return others.with_dates().order_by("-first_start")[:RELATED]


def trail(*pairs):
    return [(_("Events"), reverse("events:list")), *pairs]
