"""Tags and filters of every template (a builtin: no template loads it)."""

import re

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from portal.content import languages, phones, richtext

register = template.Library()


@register.filter
def rich(text):
    return richtext.render(text)


@register.filter
def rich_deeper(text):
    """The same below a heading of its own: each of its headings is one level lower."""
    for level in (3, 2):
        text = re.sub(rf"<(/?)h{level}(?=[ >])", rf"<\1h{level + 1}", text or "")
    return richtext.render(text)


@register.simple_tag
def icon(name: str):
    """An icon of the sprite; decorative, so hidden from screen readers: the text beside it says it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#icon-{}"/></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.filter
def day(value):
    """ "5 lutego 2026" inside <time>."""
    if not value:
        return ""
    local = timezone.localtime(value) if hasattr(value, "hour") else value
    return format_html('<time datetime="{}">{}</time>', local.strftime("%Y-%m-%d"), date_format(local, "j E Y"))


@register.filter
def moment(value):
    """ "5 lutego 2026, 12:01" inside <time>."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), date_format(local, "j E Y, G:i")
    )


register.filter("phone_link", phones.link_to)


@register.simple_tag
def lang_of(item):
    """The attribute for words of `item` on a page in another language; nothing where they are the page's own.

    A text of the interface, which says no language, is the page's own.
    """
    return _lang(getattr(item, "language", languages.current()))


@register.simple_tag
def lang_original():
    """The same for words that exist in Polish only: texts of laws, names of places."""
    return _lang(languages.ORIGINAL)


def _lang(language: str) -> str:
    return format_html(' lang="{}"', language) if language != languages.current() else ""


@register.filter
def worded(item, field: str):
    """What a field of a Worded says in the language of the page; where nobody wrote it, in Polish and marked so."""
    return _marked(*item.wording(field))


@register.filter
def in_language_of(words, item):
    """Words of `item` inside a sentence of the page, marked where the page is in another language."""
    return _marked(words, item.language)


@register.filter
def original(words):
    """The same of words that exist in Polish only: names, addresses, remarks."""
    return _marked(words, languages.ORIGINAL)


def _marked(words, language: str):
    attribute = _lang(language)
    return format_html("<span{}>{}</span>", attribute, words) if words and attribute else words


@register.filter
def in_this_language(address: str):
    """An address that an editor wrote, kept in the language of the page if it is one of this site."""
    return languages.path_in(address, languages.current()) if address.startswith("/") else address
