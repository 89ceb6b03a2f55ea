"""The answer while the database is away: whom to call, and what was typed, ready to be sent once more."""

import re

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from events.registration.models import Participant, Registration
from portal.content.logs import request_id

RETRY_AFTER = 30  # seconds
# A form with one of these is not repeated: passwords and codes are never written into a page.
SECRET = re.compile(r"password|^code$")


def unavailable(request, contact: dict[str, str]) -> HttpResponse:
    """503. Asks nothing of database or cache."""
    if "application/json" in request.headers.get("Accept", ""):
        words = _("The database does not answer just now. Nothing was saved; please try again in a moment.")
        response = JsonResponse({"error": words}, status=503)
    else:
        fields = typed_fields(request)
        context = {
            "contact": contact,
            "request_id": request_id(),
            "fields": fields,
            "shown": [(label, value) for name, value in fields if value and (label := labels().get(name))],
            "address": request.get_full_path(),
            "was_sent": request.method == "POST",
            "is_staff_page": request.path.startswith("/admin/"),
        }
        response = HttpResponse(render_to_string("unavailable.html", context), status=503)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def typed_fields(request) -> list[tuple[str, str]]:
    """All names and values of the form, in their order, as often as they were sent; none of a form with a secret."""
    if request.method != "POST":
        return []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:  # the body was cut or cannot be read any more
        return []
    return [] if any(SECRET.search(name) for name, _value in fields) else fields


def labels() -> dict[str, str]:
    """Of what a visitor types into a registration, to be seen again on the page."""
    fields = [*Participant._meta.fields, *Registration._meta.fields]
    names = {field.name: field.verbose_name for field in fields if field.name in SHOWN}
    seconds = {f"second_{name}": names[name] for name in ("first_name", "last_name")}
    return names | seconds


SHOWN = ("first_name", "last_name", "institution", "job_title", "email", "phone", "town", "remarks")
