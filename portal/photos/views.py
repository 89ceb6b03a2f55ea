"""The page "Photos" of the editors' office: where a photo or a person is used, and taking a photo down."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.content.admin import is_key
from portal.content.photo_rows import what_is_lacking
from portal.editing.buttons import state_of

from .access import may_list, may_take_down
from .listing import PhotoSearchForm, page_of, photos_of
from .taking_down import take_down as take_photos_down
from .taking_down import with_copies


@dataclass(frozen=True)
class Use:
    """A photo where it stands, as the page tells it."""

    photo: object
    name: str  # of the row, as the form sends it
    owner_kind: str
    form_url: str
    state_code: str
    state_words: str
    lacks: str


def use_of(photo) -> Use:
    owner = photo.owner
    code, words = state_of(owner)
    options = owner._meta
    try:
        url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[owner.pk])
    except NoReverseMatch:
        url = ""
    name = f"{photo._meta.label_lower}:{photo.pk}"
    return Use(photo, name, options.verbose_name, url, code, words, what_is_lacking(photo))


@require_safe
def photo_list(request):
    if not may_list(request.user):
        raise PermissionDenied
    form = PhotoSearchForm(request.GET)
    page = page_of(request.user, form, request.GET.get("page", ""))
    query = request.GET.copy()
    query.pop("page", None)
    return _render(
        request,
        "admin/photos/list.html",
        title=gettext("Photos"),
        form=form,
        original=form.original,
        page=page,
        uses=[use_of(photo) for photo in page.photos],
        query=query.urlencode(),
        may_take_down=may_take_down(request.user),
    )


class TakeDownForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stays in the list of what was done, so write no names: “consent withdrawn”, “wrong photo”."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request):
    """Asks with all copies in sight, then acts."""
    if not may_take_down(request.user):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    chosen = photos_of(request.user, list(filter(None, map(_name_of, given.getlist("photo")))))
    if not chosen:
        messages.warning(request, gettext("Choose at least one photo."))
        return redirect("photos:list")
    form = TakeDownForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        removed = take_photos_down(chosen, form.cleaned_data["reason"], request.user)
        text = ngettext("%(count)d photo was taken down.", "%(count)d photos were taken down.", len(removed))
        messages.success(request, text % {"count": len(removed)})
        return redirect("photos:list")
    uses = [use_of(photo) for photo in with_copies(chosen)]
    title = gettext("Take photos down")
    return _render(
        request, "admin/photos/take_down.html", title=title, form=form, uses=uses, names=given.getlist("photo")
    )


def _name_of(text: str) -> tuple[str, int] | None:
    kind, _colon, number = text.partition(":")
    return (kind, int(number)) if is_key(number) else None


def _render(request, template: str, **context):
    return render(request, template, {**admin.site.each_context(request), **context})
