"""Photos on the forms of editors: files chosen there become rows of the form before its transaction begins.

With the script (portal-photos.js) each file is sent by itself, and nothing arrives here but tokens. Without it, files
come with the form; they are stored at once and written into the form's data as rows, so that nobody chooses forty
photos again because a title was missing. Files that nothing names in the end are swept a day later (photo_files).
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import photo_storing, photo_tokens
from .admin_forms import PublishableForm
from .board import LineFilter, register_board_line
from .photo_rows import PhotoRows
from .photos import ConsentBasis

__all__ = ["PHOTOS_FIELDSET", "PhotoFilter", "PhotoRows", "PhotoUploads", "PhotosForm", "register_photo_lines"]

# Without HEIC, so that a phone which keeps its photos in it sends JPEG.
ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/tiff"
PREFIX = "photos"
DEGREES = {"left": 270, "right": 90}
PHOTOS_FIELDSET = (
    _("Add photos"),
    {"fields": ["new_photos", ("new_photos_author", "new_photos_basis")], "classes": ["photo-upload", "for-writing"]},
)


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class PhotosForm(PublishableForm):
    new_photos = forms.Field(
        label=_("Add photos"),
        required=False,
        widget=PhotosInput(attrs={"accept": ACCEPT}),
        help_text=_("You can choose several at once, or drop them here."),
    )
    new_photos_author = forms.CharField(label=_("Author of the added photos"), required=False, max_length=120)
    new_photos_basis = forms.ChoiceField(
        label=_("Basis of publication of the added photos"),
        required=False,
        choices=[("", "---------"), *ConsentBasis.choices],
        help_text=_("Given to new photos that have none of their own."),
    )
    refused_files: list[tuple[str, str]] = []

    def clean(self):
        super().clean()
        for name, reason in self.refused_files:
            self.add_error("new_photos", ValidationError(f"{name}: {reason}", code="broken"))


class PhotoUploads:
    """For a ModelAdmin whose model has `photos`: takes files, turns and moves photos, and says what they lack."""

    form = PhotosForm

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and (self.has_add_permission(request) or self.has_change_permission(request)):
            self._take_files(request)
            self._turn(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _take_files(self, request):
        files = request.FILES.getlist("new_photos")
        total = request.POST.get(f"{PREFIX}-TOTAL_FORMS", "")
        if not files or not (total.isascii() and total.isdecimal()):
            return
        post, refused, number = request.POST.copy(), [], int(total)
        for file in files:
            try:
                post[f"{PREFIX}-{number}-stored"] = photo_storing.store(file, file.name).token()
            except ValidationError as error:
                refused.append((file.name, " ".join(error.messages)))
                continue
            number += 1
        post[f"{PREFIX}-TOTAL_FORMS"] = str(number)
        request.POST, request.refused_files, request.has_new_files = post, refused, True

    def _turn(self, request):
        """ "left:photos-3": the button of one card, where no script has sent it by itself."""
        direction, _colon, row = request.POST.get("_rotate", "").partition(":")
        if direction not in DEGREES:
            return
        stored = photo_tokens.read(request.POST.get(f"{row}-stored", ""))
        number = request.POST.get(f"{row}-id", "")
        if stored is None and number.isascii() and number.isdecimal():
            photo = self.model._meta.get_field("photos").related_model.objects.filter(pk=number).first()
            stored = photo and photo_tokens.StoredPhoto(photo.key, photo.width, photo.height, photo.digest, str(photo))
        if stored is None:
            return
        try:
            turned = photo_storing.rotate(stored.key, stored.digest, DEGREES[direction], stored.name)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return
        request.POST = request.POST.copy()
        request.POST[f"{row}-stored"] = turned.token()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refused_files = getattr(request, "refused_files", [])
        return form

    def save_formset(self, request, form, formset, change):
        if formset.prefix == PREFIX:
            for row in formset.extra_forms:
                row.instance.author = row.instance.author or form.cleaned_data.get("new_photos_author", "")
                row.instance.consent_basis = row.instance.consent_basis or form.cleaned_data.get("new_photos_basis", "")
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "_move" in request.POST:
            move(form.instance.photos.all(), request.POST["_move"])

    def next_url(self, request, obj):
        waiting = obj.photos.incomplete().count()
        if waiting:
            text = ngettext(
                "%(count)d photo waits for a description or a basis of publication; "
                "until then it is not shown in public.",
                "%(count)d photos wait for a description or a basis of publication; "
                "until then they are not shown in public.",
                waiting,
            )
            self.message_user(request, text % {"count": waiting}, messages.WARNING)
        if url := super().next_url(request, obj):
            return url
        if getattr(request, "has_new_files", False) or {"_move", "_rotate"} & request.POST.keys():
            form = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
            return f"{form}#photos-group"
        return None


def move(photos, order: str):
    """Exchange a photo with its neighbour ("up:12", "down:12") or put it first ("first:12"); at the ends, nothing."""
    direction, _colon, number = order.partition(":")
    ordered = list(photos)
    place = next((index for index, photo in enumerate(ordered) if str(photo.pk) == number), None)
    if place is None:
        return
    other = {"up": place - 1, "down": place + 1, "first": 0}.get(direction, -1)
    if not 0 <= other < len(ordered):
        return
    ordered.insert(other, ordered.pop(place))
    for position, photo in enumerate(ordered, start=1):
        photos.model.objects.filter(pk=photo.pk).update(position=position * 10)


# --- Lists and the board ----------------------------------------------------------------------------------------------


class PhotoFilter(LineFilter):
    title = _("photos")
    parameter_name = "photos"

    def lookups(self, request, model_admin):
        return [
            ("incomplete", _("without a description or basis")),
            ("consent", _("the consent has ended or ends within 30 days")),
        ]

    @staticmethod
    def select(queryset, value):
        photo_model = queryset.model._meta.get_field("photos").related_model
        photos = {"incomplete": photo_model.objects.incomplete, "consent": photo_model.objects.consent_ending}
        return queryset.filter(pk__in=photos[value]().values(photo_model.owner_field)) if value in photos else queryset


def register_photo_lines(model: type):
    """The board's lines that everything with photos has."""
    register_board_line(_("Photos without a description or basis of publication"), model, PhotoFilter, "incomplete")
    register_board_line(_("Consent to publish a photo has ended or ends within 30 days"), model, PhotoFilter, "consent")
