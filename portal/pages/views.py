import mimetypes

from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.models import Event
from institutions.filters import InstitutionFilter, offered_types
from institutions.models import FundedProject, HelpLine, Institution, Office, ServiceCard
from news.models import Article, Category, Notice
from portal.accessibility.models import SLUG, AccessInfo, Statement
from portal.accessibility.versions import shown_version
from portal.addresses.models import Moved, get_by_address
from portal.addresses.translations import lead_to_reader
from portal.content import languages
from portal.content.preview import keep_private, preview_or_public
from portal.content.watched import mark_sensitive
from portal.counters.journal import mark_viewed
from portal.statutory import kept
from portal.statutory.models import ChildProtection, ProcessingPurpose, Whistleblowing

from .models import StaticPage, Tile
from .structured_data import office_data, site_data

NEWS_ON_HOME = 4  # one large, then a row of three
NOTICES_ON_HOME = 4
EVENTS_ON_HOME = 4
MOST_ON_SITE_MAP = 100  # institutions by name; of more their types
YEAR = 365 * 24 * 60 * 60


@require_safe
def home(request):
    office = Office.current()
    notices = Notice.objects.published().for_readers().current()
    context = {
        "office": office,
        "about": office.wording("about").text,
        "help_lines": HelpLine.objects.filter(is_in_strip=True).for_readers(),
        "tiles": Tile.objects.reachable(),
        "articles": Article.objects.published().for_readers().pinned_first().for_list()[:NEWS_ON_HOME],
        "notices": notices.nearest_deadline_first().for_list()[:NOTICES_ON_HOME],
        "events": Event.objects.published().for_readers().upcoming().for_list()[:EVENTS_ON_HOME],
        "finder_fields": _finder_fields(),
        "json_ld": site_data(office),
    }
    return render(request, "pages/home.html", context)


def _finder_fields() -> list:
    """Two fields of the directory's own filter, so that the home page asks what /placowki/ understands."""
    form = InstitutionFilter(queryset=Institution.objects.none()).form
    return [form["typ"], form["gmina"]]


@require_safe
def contact(request):
    office = Office.current()
    context = {
        "office": office,
        "today": timezone.localdate().weekday(),
        "breadcrumbs": [(_("Contact"), "")],
        "json_ld": office_data(office),
    }
    return render(request, "pages/contact.html", context)


@require_safe
def page(request, path: str):
    """A static page at its place in the tree; from any other path with its name a permanent redirect leads there."""
    pages = preview_or_public(request, StaticPage.objects.reachable(), StaticPage.objects.all())
    pages = pages.select_related("parent", "translation_of").prefetch_related("attachments")
    found = get_by_address(pages, path.rsplit("/", 1)[-1])
    if request.path != found.get_absolute_url():
        raise Moved(found.get_absolute_url())
    versions = lead_to_reader(found)
    parent = found.parent if found.parent and found.parent.is_published else None
    template, extra = SPECIAL_PAGES.get(found.special_slug, ("pages/page.html", lambda request: {}))
    # On a page of the first level its children, on one of the second its sisters.
    aside_pages = (found.parent or found).children.published().select_related("parent")
    context = {
        "page": found,
        "versions": versions,
        "parent": parent,
        "aside_pages": aside_pages,
        "breadcrumbs": [
            (languages.Written(step.short_title, step.language), step.get_absolute_url())
            for step in (parent, found)
            if step
        ],
        "exit_url": Office.current().quick_exit_url if found.hides_its_reader else "",
        **extra(request),
    }
    response = render(request, template, context)
    if found.is_preview:
        return keep_private(response)
    return mark_sensitive(response) if found.hides_its_reader else mark_viewed(response, found)


def _help(request) -> dict:
    centres = Institution.objects.crisis_centres().for_list()
    return {"help_lines": HelpLine.objects.for_readers(), "crisis_centres": centres}


def _projects(request) -> dict:
    return {"projects": FundedProject.objects.prefetch_related("logos")}


def _privacy(request) -> dict:
    cards = ServiceCard.objects.published().for_readers().exclude(privacy_notice="")
    return {"office": Office.current(), "purposes": ProcessingPurpose.objects.all(), "cards": cards}


def _cookies(request) -> dict:
    return {"kept": kept.everything()}


def _child_protection(request) -> dict:
    lines = HelpLine.objects.filter(is_for_children=True).for_readers()
    return {"standards": ChildProtection.current(), "help_lines": lines}


def _whistleblowing(request) -> dict:
    return {"reports": Whistleblowing.current()}


def _statement(request) -> dict:
    """Of the statement as data; until there is one, the page shows its text."""
    return {"version": shown_version(request)}


def _access(request) -> dict:
    office = Office.current()
    building = office.institution if office.institution and office.institution.is_published else None
    return {
        "office": office,
        "building": building,
        "statement": Statement.objects.current(),
        "info": AccessInfo.current(),
    }


# Pages that show rows of a table below their text.
SPECIAL_PAGES = {
    "potrzebuje-pomocy": ("pages/help.html", _help),
    "projekty": ("pages/projects.html", _projects),
    "rodo": ("statutory/privacy.html", _privacy),
    "polityka-cookies": ("statutory/cookies.html", _cookies),
    "standardy-ochrony-maloletnich": ("statutory/child_protection.html", _child_protection),
    "sygnalisci": ("statutory/whistleblowing.html", _whistleblowing),
    "dostepnosc": ("accessibility/access.html", _access),
    SLUG: ("accessibility/page.html", _statement),
}


@require_safe
def sitemap_page(request):
    pages = StaticPage.objects.published().for_readers()
    children = Prefetch("children", pages.select_related("parent"))
    institutions = Institution.objects.published().for_readers()
    institutions = institutions.only("name", "slug", "sort_key", "language", "translation_of")
    institutions = list(institutions[: MOST_ON_SITE_MAP + 1])
    are_too_many = len(institutions) > MOST_ON_SITE_MAP
    context = {
        "pages": pages.filter(parent=None).prefetch_related(children),
        "categories": Category.objects.all(),
        "institutions": [] if are_too_many else institutions,
        "institution_types": offered_types(request) if are_too_many else [],
        "breadcrumbs": [(_("Site map"), "")],
    }
    return render(request, "pages/sitemap_page.html", context)


@require_safe
def coat_of_arms(request):
    """The picture from the office's record; a drawn one until it has been given."""
    return _picture(request, Office.current().coat_of_arms) or redirect(static("img/herb.svg"))


@require_safe
def bip_logo(request):
    """The sign of the Public Information Bulletin, if the office has given it."""
    response = _picture(request, Office.current().bip_logo)
    if response is None:
        raise Http404
    return response


def _picture(request, picture) -> FileResponse | None:
    if not picture or not picture.storage.exists(picture.name):
        return None
    response = FileResponse(picture.open("rb"), content_type=mimetypes.guess_type(picture.name)[0])
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if "v" in request.GET else "no-cache"
    return response


@require_safe
def colours(request):
    """The county's colour as a stylesheet of its own, because the strict policy forbids inline style."""
    css = f":root{{--accent:{Office.current().accent_color}}}"
    caching = f"public, max-age={YEAR}, immutable" if "v" in request.GET else "no-cache"
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": caching})
