"""The public pages of the directory."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses.models import Moved, get_by_address
from portal.addresses.translations import versions
from portal.content import languages
from portal.content.paging import page_or_404
from portal.content.preview import keep_private, preview_or_public
from portal.content.spreadsheets import csv_for_programs
from portal.counters.journal import mark_viewed

from . import structured_data
from .filters import InstitutionFilter
from .models import Institution, InstitutionType, MonthlyCost, ProjectLogo

PER_PAGE = 100  # more than most counties have: then all of them are one page
NEWS_SHOWN = EVENTS_SHOWN = 5
NOTICES_SHOWN = 3
YEAR = 365 * 24 * 60 * 60


@require_safe
def institution_list(request):
    filters = InstitutionFilter(request.GET, Institution.objects.published().for_readers().for_list())
    page = page_or_404(request, Paginator(filters.qs.grouped(), PER_PAGE))
    context = {
        "filters": filters,
        "page_obj": page,
        "groups": by_group(page.object_list),
        "map_address": f"{reverse('institutions:map_data')}?{request.GET.urlencode()}".rstrip("?"),
        "breadcrumbs": [(_("Institutions"), "")],
    }
    return render(request, "institutions/institution_list.html", context)


@require_safe
def map_data(request):
    """GeoJSON of the institutions in the list of the same filters whose position everybody may know."""
    filters = InstitutionFilter(request.GET, Institution.objects.published().for_readers().select_related("type"))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [found.location.longitude, found.location.latitude]},
            "properties": {
                "name": found.name,
                "type": str(found.type),
                "address": str(found.location),
                "url": found.get_absolute_url(),
            },
        }
        for found in filters.qs
        if found.location.has_position
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features}, json_dumps_params={"ensure_ascii": False})


@require_safe
def institution(request, slug: str):
    institutions = preview_or_public(request, Institution.objects.reachable(), Institution.objects.all())
    found = get_by_address(institutions.for_detail(), slug)
    if found.translation_of_id and not found.is_preview:
        raise Moved(languages.address_in(found, found.language))
    context = {
        "institution": found,
        "versions": versions(found),
        "articles": found.articles.published().for_readers().newest_first()[:NEWS_SHOWN],
        "notices": found.notices.published().for_readers().current().nearest_deadline_first()[:NOTICES_SHOWN],
        "events": coming_events(found),
        "services": found.services.published().for_readers(),
        "today": timezone.localdate().weekday(),
        "structured_data": structured_data.institution(found),
        "breadcrumbs": [
            (_("Institutions"), reverse("institutions:list")),
            (languages.Written(found.words.name, found.words.language), ""),
        ],
    }
    response = render(request, "institutions/institution.html", context)
    return keep_private(response) if found.is_preview else mark_viewed(response, found)


@require_safe
def monthly_costs(request):
    """Of every care home the newest cost, and those before it."""
    rows = MonthlyCost.objects.filter(institution__in=_care_homes()).select_related("institution")
    homes = {}
    for cost in sorted(rows, key=lambda cost: (cost.institution.sort_key, -cost.year)):
        homes.setdefault(cost.institution, []).append(cost)
    context = {
        "homes": homes.items(),
        "breadcrumbs": [(_("Institutions"), reverse("institutions:list")), (_("Monthly costs of care homes"), "")],
    }
    return render(request, "institutions/monthly_costs.html", context)


@require_safe
def monthly_costs_csv(request):
    """Column names are Polish and never change: programs read them."""
    costs = MonthlyCost.objects.filter(institution__in=_care_homes()).select_related("institution")
    header = "nazwa rok kwota_zl dziennik pozycja ogloszono".split()
    rows = (
        [cost.institution.name, cost.year, cost.amount, cost.gazette, cost.gazette_position, cost.published_on]
        for cost in costs.order_by("institution__sort_key", "-year")
    )
    return csv_for_programs("koszty-utrzymania.csv", header, rows)


def _care_homes():
    return Institution.objects.published().for_readers()


@require_safe
def project_logo(request, pk: int):
    logo = get_object_or_404(ProjectLogo, pk=pk)
    try:
        response = FileResponse(logo.image.open("rb"), content_type="image/png")
    except FileNotFoundError:
        raise Http404 from None
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if "v" in request.GET else "no-cache"
    return response


def by_group(institutions) -> list[tuple[InstitutionType, list[Institution]]]:
    """(one type, which names it; institutions) of each group of types, in the order given."""
    groups = {}
    for found in institutions:
        groups.setdefault((found.type.group, found.type.group_label), []).append(found)
    return [(members[0].type, members) for members in groups.values()]


def coming_events(found: Institution):
    """Events that it organises or that take place in it; of a hidden one only those where it is named anyway."""
    events = found.hosted_sessions.publicly_placed().events() | found.event_parties.organising().events()
    return events.published().for_readers().upcoming().for_list()[:EVENTS_SHOWN]
