"""Answers for programs: robots.txt, and whether the portal is alive (healthz) and able to work (readyz)."""

import logging

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from .overdue import overdue

logger = logging.getLogger("portal.pages")


@require_safe
def robots(request):
    text = (
        "User-agent: *\n"
        f"Disallow: {reverse('admin:index')}\n"
        f"Disallow: {reverse('pages:search')}\n"
        "\n"
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}\n"
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request):
    """The process answers. Asks nothing of the database, so that a restart is not the cure for its outage."""
    return _plain("ok")


@require_safe
def readyz(request):
    """Able to work, and nothing overdue. For whoever watches the site; not for taking a machine out of service."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM institutions_office WHERE 1 = 0")
    except Exception:  # whatever a driver raises when its server is away
        logger.exception("the database does not answer")
        return _plain("database unavailable", status=503)
    if late := overdue():
        return _plain("\n".join(f"{what} overdue: {age}" for what, age in late.items()), status=503)
    return _plain("ok")


def _plain(text: str, status: int = 200):
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return HttpResponse(text, status=status, headers=headers)
