"""The pages for when something is not there or went wrong. Each has the office's phone number on it."""

import logging
import sys

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.content.logs import request_id

from . import error_files
from .furniture import CONTACT_KEY, furniture
from .unavailable import unavailable

logger = logging.getLogger("portal.pages")


def not_found(request, exception):
    return render(request, "404.html", {"contact": known_contact()}, status=404)


def bad_request(request, exception):
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if isinstance(exception, (TooManyFieldsSent, TooManyFilesSent)):
        words = _("This form has more fields or files than can be taken at once. Save it in parts.")
        return _refusal(request, 413, _("Too much at once"), words)
    words = _("What the browser sent cannot be understood. Go back and try once more.")
    return _refusal(request, 400, _("The request could not be read"), words)


def too_large(request, limit: int):
    words = _(
        "At most %(limit)s MB can be sent at once. Go back in your browser, your text is still there, "
        "and choose fewer or smaller files."
    ) % {"limit": limit // 1024**2}
    return _refusal(request, 413, _("Too much at once"), words)


def no_length(request):
    words = _("The program that sent this did not say how long it is. Please use an ordinary browser.")
    return _refusal(request, 411, _("The length is missing"), words)


def _refusal(request, status: int, title: str, words: str):
    """In the site's look, or as JSON for a script that asks for it. Reads nothing of the request but its headers."""
    if "application/json" in request.headers.get("Accept", ""):
        response = JsonResponse({"error": words}, status=status)
    else:
        page = render_to_string("refusal.html", {"contact": known_contact(), "title": title, "words": words})
        response = HttpResponse(page, status=status)
    response["Cache-Control"] = "no-store"
    return response


def server_error(request):
    """Must answer when nothing else works: no database, no cache, no list of static files."""
    try:
        if isinstance(sys.exception(), (OperationalError, InterfaceError)):
            return unavailable(request, known_contact())
        page = render_to_string("500.html", {"contact": known_contact(), "request_id": request_id()})
    except Exception:
        logger.exception("the error page cannot be shown")
        page = _("Something went wrong on our side. Please try again in a moment.")
    return HttpResponse(page, status=500)


def known_contact() -> dict[str, str]:
    """Name, phone and e-mail of the office, as now or as last seen; empty when neither can be had."""
    for source in (lambda: furniture()["contact"], lambda: cache.get(CONTACT_KEY), error_files.contact):
        try:
            if contact := source():
                return contact
        except Exception:
            logger.exception("the office cannot be read")
    return {}
