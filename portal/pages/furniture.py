"""What stands around every page: header, banners, footer. Read and rendered once, then kept for a few seconds."""

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from institutions.models import Office
from portal.content import languages

from .models import Banner, StaticPage

CACHE_KEY = "furniture"
CONTACT_KEY = "furniture-contact"
DAY = 24 * 60 * 60
DEFAULT_ACCENT = Office._meta.get_field("accent_color").default
SECTIONS = [
    ("news:article_list", gettext_noop("News")),
    ("news:notice_list", gettext_noop("Notices")),
    ("services:list", gettext_noop("How to settle a matter")),
    ("institutions:list", gettext_noop("Institutions")),
    ("events:list", gettext_noop("Events")),
    ("pages:contact", gettext_noop("Contact")),
]
LANGUAGES_HERE = "<!--languages-->"  # the switch differs from page to page: put in by the template tag
HELP_PAGE = "potrzebuje-pomocy"
STATEMENT_PAGE = "deklaracja-dostepnosci"


def furniture() -> dict:
    """The pieces by name. Costs no query but every few seconds, by which a banner may come or go late."""
    key = f"{CACHE_KEY}-{languages.current()}"
    pieces = cache.get(key)
    if pieces is None:
        pieces = build()
        cache.set(key, pieces, settings.FURNITURE_CACHE_SECONDS)
        # Kept much longer, for the error page of a day without a database.
        cache.set(CONTACT_KEY, pieces["contact"], DAY)
    return pieces


def build() -> dict:
    office = Office.current()
    pages = list(StaticPage.objects.published().for_readers().select_related("parent", "translation_of"))
    context = {
        "office": office,
        "sections": [(reverse(name), _(title)) for name, title in SECTIONS],
        "pages": [page for page in pages if page.is_in_menu],
        "help_page": next((page for page in pages if page.special_slug == HELP_PAGE), None),
        "other_pages": [page for page in pages if not page.is_in_menu and not page.parent],
        "banners": Banner.objects.current(),
        "languages_here": mark_safe(LANGUAGES_HERE),  # noqa: S308
    }
    return {
        "site_name": office.wording("site_name").text,
        "accent": office.accent_color,
        "has_own_accent": office.accent_color.lower() != DEFAULT_ACCENT,
        "contact": contact(office),
        "statement": next((page.get_absolute_url() for page in pages if page.special_slug == STATEMENT_PAGE), ""),
        "header": render_to_string("furniture/header.html", context),
        "banners": render_to_string("furniture/banners.html", context),
        "footer": render_to_string("furniture/footer.html", context),
    }


def contact(office: Office) -> dict[str, str]:
    """The least that somebody needs to reach the office when the page they wanted fails."""
    phone = office.main_phone
    return {
        "name": office.name,
        "phone": phone.number if phone else "",
        "email": office.email,
        "site_name": office.site_name,
    }
