"""The list of free places for residents, the same for programs, and the page behind an institution's link.

That page needs no CSRF token: it acts for nobody who is signed in, only for who holds the link.
"""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.content import limits
from portal.content.preview import keep_private
from portal.content.spreadsheets import csv_for_programs
from portal.content.structured_data import absolute

from ..filters import InstitutionFilter
from ..models import Institution
from ..office import Office, PlacesByMail
from . import links
from .forms import HOW_TO_WRITE, PlacesForm
from .models import State
from .reporting import take

MOST_FROM_ONE_NETWORK = 60


def _with_places(request):
    """(filters, institutions that have places) in the order of the types of law."""
    filters = InstitutionFilter(request.GET, Institution.objects.published().for_readers().with_places())
    return filters, filters.qs.select_related("type", "municipality").prefetch_related("phones").order_by(
        "type__position", "sort_key"
    )


@require_safe
def free_places(request):
    filters, institutions = _with_places(request)
    context = {
        "filters": filters,
        "institutions": institutions,
        "csv_address": f"{reverse('institutions:places_csv')}?{request.GET.urlencode()}".rstrip("?"),
        "breadcrumbs": [(_("Institutions"), reverse("institutions:list")), (_("Free places"), "")],
    }
    return render(request, "institutions/free_places.html", context)


@require_safe
def free_places_csv(request):
    """Column names are Polish and never change: programs read them."""
    _filters, institutions = _with_places(request)
    header = "nazwa rodzaj gmina teryt_gminy miejsca wolne oczekuje stan_na telefon strona".split()
    return csv_for_programs("wolne-miejsca.csv", header, map(_row, institutions))


def _row(found: Institution) -> list:
    teryt = found.municipality.teryt if found.public_municipality else ""
    phone = found.main_phone
    return [
        found.name, found.type.name, found.public_municipality, teryt, found.places_total, found.places_free,
        found.places_waiting, found.places_as_of, phone.number if phone else "", absolute(found.get_absolute_url()),
    ]  # fmt: skip


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token: str):
    office = Office.current()
    institution = links.read(token)
    if institution is None or office.places_by_mail == PlacesByMail.OFF:
        return _bad_link(request, office)
    form = PlacesForm(institution, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, institution, form)
    if not limits.is_within(MOST_FROM_ONE_NETWORK, "places", request):
        form.add_error(None, _("Too many changes came from your network. Please try in a quarter of an hour."))
        return _form(request, institution, form, status=429)
    needs_approval = office.places_by_mail == PlacesByMail.APPROVED
    report = take(institution, form.numbers, form.hours, needs_approval)
    state = "?stan=czeka" if report.state == State.WAITING else ""
    return HttpResponseRedirect(reverse("institutions:places_received", args=[token]) + state, status=303)


def _form(request, institution: Institution, form: PlacesForm, status: int = 200):
    context = {"form": form, "institution": institution, "how_to_write": HOW_TO_WRITE}
    return keep_private(render(request, "institutions/places_confirm.html", context, status=status))


def _bad_link(request, office: Office):
    return keep_private(render(request, "institutions/places_bad_link.html", {"office": office}, status=404))


@require_safe
def received(request, token: str):
    institution = links.read(token)
    if institution is None:
        return _bad_link(request, Office.current())
    context = {"institution": institution, "is_waiting": request.GET.get("stan") == "czeka"}
    return keep_private(render(request, "institutions/places_received.html", context))
