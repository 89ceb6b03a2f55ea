"""The pages for when something is not there or went wrong. Each has the office's phone number on it."""

import logging

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .furniture import CONTACT_KEY, furniture

logger = logging.getLogger("portal.pages")


def not_found(request, exception):
    return render(request, "404.html", {"contact": furniture()["contact"]}, status=404)


def server_error(request):
    """Must answer when nothing else works: no database, no cache, no list of static files."""
    try:
        page = render_to_string("500.html", {"contact": known_contact()})
    except Exception:
        logger.exception("the error page cannot be shown")
        page = _("Something went wrong on our side. Please try again in a moment.")
    return HttpResponse(page, status=500)


def known_contact() -> dict[str, str]:
    """Name, phone and e-mail of the office, as now or as last seen; empty when neither can be had."""
    try:
        return furniture()["contact"]
    except Exception:
        logger.exception("the office cannot be read")
    try:
        return cache.get(CONTACT_KEY) or {}
    except Exception:
        logger.exception("the cache cannot be read")
        return {}
