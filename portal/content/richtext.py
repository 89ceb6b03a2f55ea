"""Rich text comes in through this door only; no other module names the editor or the cleaner.

The database never holds HTML that `clean()` has not seen: `RichTextField` cleans in `get_db_prep_save`, which forms,
`loaddata`, `update()` and restored versions all pass. Migrations see a plain TextField, so the editor can be changed
without one.
"""

import html
import re

import nh3
from ckeditor.widgets import CKEditorWidget
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from . import languages
from .word_paste import with_lists

TAGS = {
    "p", "br", "h2", "h3", "h4", "strong", "em", "ul", "ol", "li", "blockquote", "a", "hr", "sub", "sup", "abbr",
    "span", "section", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "time",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "id"},
    "abbr": {"title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "time": {"datetime", "id"},
    # The accessibility statement is checked by ids on these elements; anchors in long pages are ids of headings.
    "span": {"id", "lang"}, "section": {"id"}, "h2": {"id"}, "h3": {"id"}, "p": {"lang", "id"}, "ul": {"id"},
}  # fmt: skip
CLASSES = {"p": {"attribution"}}
# None of them reaches over the beginning of the next: a million of beginnings without an end takes no longer.
WORD_CONDITIONALS = re.compile(
    r"<!--\[if(?:(?!<!--\[if).)*?<!\[endif\]-->|<!(?:--)?\[if[^\[\]<>]*\](?:--)?>|<!(?:--)?\[endif\](?:--)?>"
    r"|<\?xml[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
# What an editor means by bold and headings in other programs, in the words of this site.
RENAMED = [("b", "strong"), ("i", "em"), ("h1", "h2"), ("h5", "h4"), ("h6", "h4")]
MOST_ROUNDS = 20
MOST_CHARACTERS = 500_000  # a book of 250 pages, with its tags
# Elements inside elements take the parser time by the square of their number: two minutes for a megabyte of "<div>".
DEEPEST = 500
TAG_WITH_ALL = re.compile(r"<[^<>]*>?")
TAG = re.compile(r"<(/?)([a-z][^\s/<>]*)", re.IGNORECASE)
NOT_NESTING = {"p", "br", "hr", "li", "tr", "td", "th", "tbody", "thead", "tfoot", "dt", "dd", "img", "col", "input",
               "meta", "link", "wbr", "option", "area", "base", "source", "o:p"}  # fmt: skip
SPACES = re.compile(r"(?:&nbsp;|\u00a0| ){2,}")
OWN_LINK = re.compile(r'(<a(?: id="[^"]*")? href=")(/[^"]*)')  # as the cleaner writes it
EMPTY_PARAGRAPH = re.compile(r"<(p|h2|h3|h4|li|strong|em|span)>(?:\s|&nbsp;|\u00a0|<br>)*</\1>")

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    clean_content_tags={"script", "style", "xml", "title", "head"},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
    strip_comments=True,
)


def _once(text: str) -> str:
    cleaned = SPACES.sub(" ", _cleaner.clean(text).replace(' class=""', ""))
    return EMPTY_PARAGRAPH.sub("", cleaned).strip()


def clean(text: str | None) -> str:
    """The allowed part of `text`, which may be anything at all. Cleaning twice changes nothing."""
    if not text:
        return ""
    text = text.replace("\x00", "").encode(errors="ignore").decode()  # half a character is none
    text = WORD_CONDITIONALS.sub("", with_lists(text))
    if _is_bottomless(text):
        text = html.escape(TAG_WITH_ALL.sub(" ", text))
    for old, new in RENAMED:
        text = re.sub(rf"<(/?){old}(?=[\s>/])", rf"<\1{new}", text, flags=re.IGNORECASE)
    # Again until nothing changes: an emptied span leaves an emptied paragraph, and a parser that mends badly nested
    # tables may read its own output in another way once more.
    for _round in range(MOST_ROUNDS):
        cleaned = _once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _is_bottomless(text: str) -> bool:
    """Whether more elements are open at once than any honest text has; its words are kept then, its markup is not."""
    depth = 0
    for closing, name in TAG.findall(text):
        if name.lower() not in NOT_NESTING:
            depth = max(depth + (-1 if closing else 1), 0)
            if depth > DEEPEST:
                return True
    return False


def too_long(text: str) -> str:
    return _("The text has %(count)d characters; %(most)d fit. Please divide it, or add it as an attachment.") % {
        "count": len(text),
        "most": MOST_CHARACTERS,
    }


def plain_text(text: str) -> str:
    """The words of cleaned HTML, for searching and summaries; block ends become spaces."""
    spaced = re.sub(r"</(p|li|h\d|td|th|tr|blockquote|div|section)>|<br>", " ", text or "")
    return " ".join(html.unescape(strip_tags(spaced)).replace("\x00", "").split())


def paragraphs(text: str) -> list[str]:
    """The words of cleaned HTML, one string for each paragraph, heading, item or cell; for showing differences."""
    blocks = re.split(r"</(?:p|li|h\d|td|th|tr|blockquote|caption|section)>|<br>", text or "")
    return [words for block in blocks if (words := plain_text(block))]


class Widget(CKEditorWidget):
    class Media:
        # After ckeditor.js, else Django's merge may put it first and the hook never runs.
        js = ["ckeditor/ckeditor/ckeditor.js", "admin/js/portal-editor.js"]

    def format_value(self, value):
        return clean(value) if value else value


class RichTextFormField(forms.CharField):
    widget = Widget

    def clean(self, value):
        if value and len(value) > MOST_CHARACTERS:
            raise ValidationError(too_long(value))
        return super().clean(clean(value))


class RichTextField(models.TextField):
    def formfield(self, **kwargs):
        kwargs.pop("widget", None)  # the admin passes its own textarea
        return super().formfield(**{"form_class": RichTextFormField, "widget": Widget, **kwargs})

    def get_db_prep_save(self, value, connection):
        if isinstance(value, str):
            value = clean(value)
        return super().get_db_prep_save(value, connection)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def render(text: str):
    """HTML from a RichTextField for a template; cleaned on the way in, marked safe here and nowhere else.

    A link to a page of this site leads to it in the reader's language, unless its address names another one.
    """
    text = text or ""
    if languages.current() != languages.ORIGINAL:
        text = OWN_LINK.sub(_in_language_of_page, text)
    return mark_safe(text)  # noqa: S308


def _in_language_of_page(link: re.Match) -> str:
    before, path = link.groups()
    is_of_one = languages.of_path(path) != languages.ORIGINAL
    return link[0] if is_of_one else before + languages.path_in(path, languages.current())
