"""The photos inside an editor's form: a grid of cards, each an ordinary row of an inline formset.

A new photo is a row without a number, with the token of its stored files; a rotated one is a row whose `stored` token
names the turned files. So whatever keeps the form's fields (an error, an autosaved draft, a proposed version) keeps the
photos, too.
"""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import photo_files, photo_storing, photo_tokens
from .admin import PlainFields, RowFormSet
from .photos import GalleryPhoto

LAST = 1_000_000
# A row with nothing in these is no photo, whatever "set for all" has written into the others.
WHAT_MAKES_A_ROW = ("stored", "alt", "caption")


class PhotoRowForm(forms.ModelForm):
    stored = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("focus_x", "focus_y", "position"):
            if name in self.fields:
                self.fields[name].required = False

    @cached_property
    def stored_photo(self) -> photo_tokens.StoredPhoto | None:
        """The files to be shown instead of the row's own, or as a new row's."""
        stored = photo_tokens.read(self.data.get(self.add_prefix("stored"), "")) if self.is_bound else None
        return None if stored and stored.key == self.instance.key else stored

    @cached_property
    def is_added_already(self) -> bool:
        """A form sent twice must not add its photos twice."""
        if not self.stored_photo or not self.instance._state.adding:
            return False
        found = photo_files.find_photo(self.stored_photo.key)
        owner = getattr(self.instance, self.instance.owner_field, None)
        return found is not None and owner is not None and owner.pk is not None and found.owner == owner

    def has_changed(self):
        if self.instance._state.adding:
            typed = any(str(self.data.get(self.add_prefix(name), "")).strip() for name in WHAT_MAKES_A_ROW)
            return typed and not self.is_added_already
        return super().has_changed()

    def clean_focus_x(self):
        return 50 if self.cleaned_data["focus_x"] is None else self.cleaned_data["focus_x"]

    def clean_focus_y(self):
        return 50 if self.cleaned_data["focus_y"] is None else self.cleaned_data["focus_y"]

    def clean_position(self):
        return self.cleaned_data["position"] or 0

    def clean(self):
        super().clean()
        stored = self.stored_photo
        if stored is None:
            if self.instance._state.adding:
                raise ValidationError(_("The file of this photo is missing: send it again or remove this row."))
            return
        if not photo_files.exists(stored.key):
            raise ValidationError(_("The file of this photo is no longer there: send it again."))
        if photo_files.find_photo(stored.key):
            raise ValidationError(_("This photo has been added elsewhere already: send it again."))
        photo_storing.refuse_taken_down(stored.digest)

    def _post_clean(self):
        if self.stored_photo and not self.errors:
            old = "" if self.instance._state.adding else self.instance.key
            self.instance.take(self.stored_photo)
            if old:
                transaction.on_commit(lambda: photo_files.withdraw(old))
        super()._post_clean()

    # What the card shows

    @property
    def small_url(self) -> str:
        if self.stored_photo:
            return self.stored_photo.small_url
        return "" if self.instance._state.adding else self.instance.small_url

    @property
    def name(self) -> str:
        """What the buttons of this card are about, for who hears them only."""
        if self.instance._state.adding:
            return self.stored_photo.name if self.stored_photo else ""
        return str(self.instance)

    @property
    def lacks(self) -> str:
        return "" if self.instance._state.adding else what_is_lacking(self.instance)

    @property
    def is_cover(self) -> bool:
        return self.instance.pk is not None and self.instance.pk == getattr(self.instance, "cover_pk", None)

    @property
    def order(self) -> int:
        value = str(self["position"].value() or "") if "position" in self.fields else ""
        number = int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else 0
        return LAST if self.instance._state.adding and not number else number


class PhotoFormSet(RowFormSet):
    def cards(self) -> list[PhotoRowForm]:
        """The rows in the order that they will have, also when somebody has moved them and not saved."""
        return sorted(self.forms, key=lambda form: form.order)


class PhotoRows(PlainFields, admin.StackedInline):
    """The photos of one thing. Everything works with buttons; a script adds dropping, dragging and progress."""

    fields = [
        "stored",
        "alt",
        "is_decorative",
        "caption",
        "author",
        "consent_basis",
        "consent_expires_on",
        "focus_x",
        "focus_y",
        "position",
    ]
    extra = 0
    form = PhotoRowForm
    formset = PhotoFormSet
    template = "admin/edit_inline/photos.html"
    verbose_name_plural = _("photos (the first one shown is the cover)")

    class Media:
        css = {"all": ["admin/css/portal-photos.css"]}
        js = [Script("admin/js/portal-photos.js", defer=True), Script("admin/js/portal-photos-order.js", defer=True)]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "consent_expires_on":
            # The browser's own: rows that a script adds need no calendar of Django's.
            kwargs["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        elif db_field.name == "position":
            kwargs["widget"] = forms.HiddenInput
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.upload_url, formset.rotate_url = reverse("photos:upload"), reverse("photos:rotate")
        formset.limit = settings.PHOTO_MAX_BYTES // 1024**2
        return formset

    def get_queryset(self, request):
        photos = self.model.objects.shown().filter(**{self.model.owner_field: OuterRef(self.model.owner_field)})
        return super().get_queryset(request).annotate(cover_pk=Subquery(photos.values("pk")[:1]))


def what_is_lacking(photo: GalleryPhoto) -> str:
    """Why the photo is not shown, in words; empty when it is."""
    if photo.is_shown:
        return ""
    reasons = [
        (photo.awaits_description, gettext("no description")),
        (not photo.consent_basis, gettext("no basis of publication")),
    ]
    return get_text_list([words for is_so, words in reasons if is_so], gettext("and")) or gettext(
        "the consent has ended"
    )
