"""Answers for programs: robots.txt, security.txt, is the portal alive (healthz), is it able to work (readyz)."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from institutions.models import Office

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
def security_txt(request):
    """Where to tell of a hole (RFC 9116). It ends in half a year, each day anew: the portal is looked after."""
    email = Office.current().email
    if not email:
        raise Http404
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    text = (
        f"Contact: mailto:{email}\n"
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
        "Preferred-Languages: pl, en\n"
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}\n"
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
