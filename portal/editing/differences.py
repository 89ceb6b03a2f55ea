"""What differs between two texts, two forms, or two versions, in words that an editor reads.

Removed words stand in <del>, added ones in <ins>; both are told apart without colours by their lines.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext

from portal.content import richtext

# SequenceMatcher takes the square of its input: what is longer is shown as replaced whole.
MOST_PARAGRAPHS = 1500
MOST_WORDS = 1200
SAME, GONE, NEW = "same", "gone", "new"
SHOWN_OF_SAME = 160  # letters on each side of a change


@dataclass(frozen=True)
class Difference:
    """One field in which two things differ; `before` and `after` are plain text with line breaks."""

    label: str
    before: str
    after: str

    @property
    def merged(self) -> SafeString:
        """One text with what went and what came; long unchanged stretches are shortened."""
        return _html(_shortened(compare(self.before, self.after)))

    @property
    def left(self) -> SafeString:
        return _html([piece for piece in compare(self.before, self.after) if piece[0] != NEW]) or _empty()

    @property
    def right(self) -> SafeString:
        return _html([piece for piece in compare(self.before, self.after) if piece[0] != GONE]) or _empty()


def _empty() -> SafeString:
    return format_html('<span class="quiet">{}</span>', gettext("(empty)"))


# --- Texts ------------------------------------------------------------------------------------------------------------


def compare(before: str, after: str) -> list[tuple[str, str]]:
    """[(SAME | GONE | NEW, text)] in reading order: first paragraph by paragraph, then word by word inside them."""
    pieces = []
    for kind, old, new in _opcodes(before.splitlines(keepends=True), after.splitlines(keepends=True), MOST_PARAGRAPHS):
        if kind == "equal":
            pieces.append((SAME, "".join(old)))
        else:
            pieces += _compare_words("".join(old), "".join(new))
    return _joined(pieces)


def _compare_words(before: str, after: str) -> list[tuple[str, str]]:
    """By words with the space after them, so that a changed phrase is one change and not one for each word."""
    pieces = []
    old_words, new_words = re.findall(r"\s*\S+\s*", before), re.findall(r"\s*\S+\s*", after)
    for kind, old, new in _opcodes(old_words, new_words, MOST_WORDS):
        if kind == "equal":
            pieces.append((SAME, "".join(new)))
        else:
            pieces += [(GONE, "".join(old)), (NEW, "".join(new))]
    return pieces


def _opcodes(old: list[str], new: list[str], most: int):
    if max(len(old), len(new)) > most:
        yield "replace", old, new
        return
    keys = [[part.strip() for part in parts] for parts in (old, new)]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        yield kind, old[i1:i2], new[j1:j2]


def _joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of one kind as one."""
    joined: list[tuple[str, str]] = []
    for kind, text in pieces:
        if not text:
            continue
        if joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + text)
        else:
            joined.append((kind, text))
    return joined


def _shortened(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    last = len(pieces) - 1
    return [
        (kind, _shorten(text, at_start=number > 0, at_end=number < last) if kind == SAME else text)
        for number, (kind, text) in enumerate(pieces)
    ]


def _shorten(text: str, at_start: bool, at_end: bool) -> str:
    kept = (SHOWN_OF_SAME if at_start else 0) + (SHOWN_OF_SAME if at_end else 0)
    if len(text) <= kept + 40:
        return text
    return (text[:SHOWN_OF_SAME] if at_start else "") + " […] " + (text[-SHOWN_OF_SAME:] if at_end else "")


def _html(pieces: list[tuple[str, str]]) -> SafeString:
    marks = {SAME: "{}", GONE: "<del>{}</del>", NEW: "<ins>{}</ins>"}
    return format_html_join("", "{}", ((format_html(marks[kind], text),) for kind, text in pieces))


# --- Forms ------------------------------------------------------------------------------------------------------------

HIDDEN_NAMES = {"version", "kept_photos", "stored"}


def of_forms(form, formsets) -> list[Difference]:
    """From what is saved now to what stands in a bound form and its rows.

    `initial` of a bound form holds the row as it was read for this request, with what others saved meanwhile.
    """
    found = _of_form(form, "")
    for formset in formsets:
        found += _of_formset(formset)
    return found


def _of_form(form, prefix: str) -> list[Difference]:
    found = []
    for name in form.changed_data:
        field = form.fields[name]
        if name in HIDDEN_NAMES or name == "DELETE" or field.widget.is_hidden or field.widget.needs_multipart_form:
            continue
        before = in_words(field, form.initial.get(name, field.initial))
        after = in_words(field, form.cleaned_data[name]) if name in _cleaned(form) else _typed(form, name)
        # In words, because a time kept to the microsecond counts as changed by the form that shows minutes.
        if before != after:
            found.append(Difference(prefix + str(field.label or name), before, after))
    return found


def _cleaned(form) -> dict:
    return getattr(form, "cleaned_data", {}) if form.errors is not None else {}


def _typed(form, name: str) -> str:
    """What was typed into a field that is not valid."""
    value = form[name].value()
    return " ".join(str(part) for part in value if part) if isinstance(value, list) else str(value or "")


def _of_formset(formset) -> list[Difference]:
    name = capfirst(formset.model._meta.verbose_name)
    found, seen = [], set()
    for number, form in enumerate(formset.forms, start=1):
        instance = form.instance
        seen.add(instance.pk)
        prefix = f"{name} {number} – "
        if form.data.get(form.add_prefix("DELETE")):
            if instance.pk:
                found.append(Difference(f"{name} {number}", str(instance), ""))
        elif form.has_changed():
            found += _of_form(form, prefix)
    for row in formset.get_queryset():
        if row.pk not in seen:
            found.append(Difference(name, str(row), ""))
    return found


def in_words(field, value) -> str:
    """The value of a form's field as a reader would say it."""
    if isinstance(field, richtext.RichTextFormField):
        return "\n".join(richtext.paragraphs(value))
    if hasattr(value, "values_list"):
        value = [item.pk for item in value]
    if choices := getattr(field, "choices", None):
        value = field.prepare_value(value)
        chosen = {str(field.prepare_value(item)) for item in (value if isinstance(value, list | tuple) else [value])}
        return ", ".join(str(label) for key, label in choices if str(key) in chosen - {"", "None"})
    return _plain(value)


def _plain(value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "j E Y, G:i")
    if isinstance(value, date):
        return date_format(value, "j E Y")
    return str(value)


# --- Values of rows ---------------------------------------------------------------------------------------------------


def value_in_words(field: models.Field, value) -> str:
    """The value of a model's field, as a version keeps it (relations as numbers), as a reader would say it."""
    if value is None or value == "" or value == []:
        return ""
    if field.many_to_many or field.many_to_one:
        numbers = value if field.many_to_many else [value]
        names = {str(item.pk): str(item) for item in field.related_model._base_manager.filter(pk__in=numbers)}
        return ", ".join(names.get(str(number), gettext("(no longer there)")) for number in numbers)
    if isinstance(field, richtext.RichTextField):
        return "\n".join(richtext.paragraphs(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(value)
