"""Showing a form as somebody left it: an unsaved text or a proposed version, bound to the object as it is now."""

from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict


def show(request, kept, inlines, obj):
    """Let the form's view see what was kept as if it had just been sent. Nothing is saved: see EditingForm."""
    post = kept.as_post()
    for formset_class in inlines:
        _renumber(post, formset_class, _numbers_now(formset_class, obj))
    request.kept = kept
    request.method = "POST"
    request.POST = post
    request._files = MultiValueDict()


def _numbers_now(formset_class, obj) -> set[str]:
    if obj is None:
        return set()
    rows = formset_class.model._base_manager.filter(**{formset_class.fk.name: obj})
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def _renumber(post: QueryDict, formset_class, existing: set[str]):
    """Rows that somebody has deleted meanwhile come back as new ones, after those that are still there.

    A formset takes its first rows for existing ones, and refuses all when one of them is gone.
    """
    prefix = formset_class.get_default_prefix()
    rows = _rows(post, prefix)
    if not rows:
        return
    here = [row for row in rows if row.get("id", [""])[0] in existing]
    new = [row | {"id": [""]} for row in rows if row.get("id", [""])[0] not in existing]
    if formset_class.max_num == 0:  # nobody may add here
        new = []
    if any("stored" in row for row in new):  # a new photo or file is one that was uploaded; another cannot come back
        new = [row for row in new if row.get("stored", [""])[0]]
    for number, row in enumerate([*here, *new]):
        for field, values in row.items():
            post.setlist(f"{prefix}-{number}-{field}", values)
    post[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(len(here))
    post[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(len(here) + len(new))


def _rows(post: QueryDict, prefix: str) -> list[dict[str, list[str]]]:
    """Takes the rows of one formset out of `post`, in their order."""
    rows: dict[int, dict[str, list[str]]] = {}
    for name in [name for name in post if name.startswith(f"{prefix}-")]:
        number, _dash, field = name.removeprefix(f"{prefix}-").partition("-")
        if field and number.isdecimal():
            rows.setdefault(int(number), {})[field] = post.getlist(name)
            del post[name]
    return [rows[number] for number in sorted(rows)]
