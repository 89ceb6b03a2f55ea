"""The pieces around every page, for base.html."""

from itertools import groupby
from operator import itemgetter
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.encoding import escape_uri_path
from django.utils.html import escape
from django.utils.safestring import mark_safe

from portal.content import languages
from portal.pages import furniture as pieces

register = template.Library()


@register.simple_tag(takes_context=True)
def furniture(context, name: str):
    """The piece called `name`, see portal/pages/furniture.py."""
    request = context["request"]
    if not hasattr(request, "furniture"):
        # Who works here sees a change at once. The cookie is only looked for: reading the session would end caching.
        works_here = settings.SESSION_COOKIE_NAME in request.COOKIES
        request.furniture = pieces.build() if works_here else pieces.furniture()
    piece = request.furniture[name]
    if name != "header":
        return piece
    header = _with_current_section(piece, request.path)
    return mark_safe(header.replace(pieces.LANGUAGES_HERE, _languages(context)))  # noqa: S308


def _with_current_section(header: str, path: str) -> str:
    """Mark the section of `path` in the menu; done here, so that one cached header serves every page."""
    section = languages.path_in(f"/{languages.without(path).split('/')[1]}/", languages.of_path(path))
    link = f'href="{escape(section)}" data-menu'
    current = "page" if path == section else "true"
    return mark_safe(header.replace(link, f'{link} aria-current="{current}"', 1))  # noqa: S308


def _languages(context) -> str:
    """The switch: the same page in the other languages; where nobody has translated it, its original."""
    path = context["request"].path
    versions = context.get("versions") or {}
    home = versions.get(languages.ORIGINAL, path)
    links = [
        (code, languages.SHORT[code], name, versions.get(code) or languages.path_in(home, code))
        for code, name in settings.LANGUAGES
    ]
    return render_to_string("furniture/_languages.html", {"links": links, "current": languages.current()})


@register.simple_tag(takes_context=True)
def canonical(context) -> str:
    """The address of this page without filters; a later page of a list stays itself, a fallback is its original."""
    request = context["request"]
    page = request.GET.get("page", "")
    query = f"?{urlencode({'page': page})}" if page.isdecimal() and page != "1" else ""
    versions = context.get("versions") or {}
    is_fallback = languages.ORIGINAL in versions and languages.current() not in versions
    path = versions[languages.ORIGINAL] if is_fallback else request.path
    return f"{settings.SITE_URL}{escape_uri_path(path)}{query}"


@register.simple_tag(takes_context=True)
def other_languages(context) -> list[tuple[str, str]]:
    """(language, address) of every version of this page, for search engines; none where there is but one."""
    versions = context.get("versions")
    if versions is None:  # made of the interface: it is in every language
        versions = {code: languages.path_in(context["request"].path, code) for code in languages.CODES}
    links = [(code, f"{settings.SITE_URL}{escape_uri_path(path)}") for code, path in sorted(versions.items())]
    if len(links) < 2:
        return []
    original = dict(links).get(languages.ORIGINAL)
    return [*links, *([("x-default", original)] if original else [])]


@register.filter
def page_numbers(page) -> list[int | None]:
    """The numbers to show around `page`, None for a gap: 1 … 4 5 6 … 20."""
    paginator = page.paginator
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [None if number == paginator.ELLIPSIS else number for number in numbers]


@register.filter
def by_span(week) -> list[tuple[str, list]]:
    """Neighbouring days with the same hours as one line: "Monday – Friday"; closed days are left out."""
    lines = []
    for spans, days in groupby(week, key=itemgetter(1)):
        first, *others = [str(name) for name, _spans in days]
        if spans:
            lines.append((f"{first} – {others[-1].lower()}" if others else first, spans))
    return lines
