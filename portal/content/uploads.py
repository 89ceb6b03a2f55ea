"""Photos on an editor's form: several in one go, decoded before the form's transaction begins.

What could be read is put into private storage at once and named by a signed token in the form, so that nobody chooses
forty photos again because a title was missing. Files that no row names in the end are swept a day later (photo_files).
"""

from dataclasses import dataclass, field

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from . import photo_files, pictures
from .admin import PlainFields, RowFormSet
from .admin_forms import PublishableForm
from .photos import ConsentBasis, GalleryPhoto

SALT = "portal.content.uploads"
# Without HEIC, so that a phone which keeps its photos in it sends JPEG.
ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/tiff"
KEPT_FOR = 20 * 60 * 60  # less than the day after which orphans are swept


@dataclass
class Upload:
    key: str
    width: int
    height: int
    name: str


@dataclass
class Uploads:
    """The photos of one request: `good` lie in private storage, `broken` are (file name, reason)."""

    user_id: int
    good: list[Upload] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)

    def token(self) -> str:
        photos = [(upload.key, upload.width, upload.height, upload.name) for upload in self.good]
        return signing.dumps({"user": self.user_id, "photos": photos}, salt=SALT) if photos else ""


def receive(user_id: int, token: str, files) -> Uploads:
    """Decode new files, and remember those that came with an earlier try to save."""
    uploads = Uploads(user_id, good=_kept(user_id, token))
    for file in files:
        try:
            picture = pictures.decode(file)
        except ValidationError as error:
            uploads.broken.append((file.name, " ".join(error.messages)))
            continue
        key = photo_files.new_key()
        photo_files.write(key, picture)
        uploads.good.append(Upload(key, picture.width, picture.height, file.name[:100]))
    return uploads


def _kept(user_id: int, token: str) -> list[Upload]:
    try:
        content = signing.loads(token, salt=SALT, max_age=KEPT_FOR) if token else {}
    except signing.BadSignature:
        return []
    uploads = [Upload(*photo) for photo in content.get("photos", [])] if content.get("user") == user_id else []
    # A form sent twice must not add its photos twice.
    return [upload for upload in uploads if photo_files.find_photo(upload.key) is None]


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class PhotosForm(PublishableForm):
    new_photos = forms.Field(
        label=_("Add photos"),
        required=False,
        widget=PhotosInput(attrs={"accept": ACCEPT}),
        help_text=_("You can choose several at once. Descriptions are written after saving, beside each photo."),
    )
    new_photos_author = forms.CharField(label=_("Author of the added photos"), required=False, max_length=120)
    new_photos_basis = forms.ChoiceField(
        label=_("Basis of publication of the added photos"),
        required=False,
        choices=[("", "---------"), *ConsentBasis.choices],
    )
    kept_photos = forms.CharField(required=False, widget=forms.HiddenInput)
    uploads: Uploads | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self.uploads:
            self.data = self.data.copy()
            self.data["kept_photos"] = self.uploads.token()
            if self.uploads.good:
                names = ", ".join(upload.name for upload in self.uploads.good)
                kept = gettext("Received already, to be added when you save: %(names)s.") % {"names": names}
                self.fields["new_photos"].help_text = kept

    def clean(self):
        super().clean()
        for name, reason in self.uploads.broken if self.uploads else []:
            self.add_error("new_photos", ValidationError(f"{name}: {reason}", code="broken"))


class PhotoRows(PlainFields, admin.StackedInline):
    """The photos there are. New ones come through PhotosForm; moved with buttons that need neither mouse nor script."""

    fields = [
        "picture",
        ("alt", "is_decorative"),
        ("caption", "author"),
        ("consent_basis", "consent_expires_on", "position"),
    ]
    readonly_fields = ["picture"]
    extra = 0
    formset = RowFormSet
    template = "admin/edit_inline/photos.html"
    verbose_name_plural = _("photos (the first one shown is the cover)")

    def has_add_permission(self, request, obj):
        return False

    def get_queryset(self, request):
        photos = self.model.objects.shown().filter(**{self.model.owner_field: OuterRef(self.model.owner_field)})
        return super().get_queryset(request).annotate(cover_pk=Subquery(photos.values("pk")[:1]))

    @admin.display(description=_("photo"))
    def picture(self, photo):
        lacks = what_is_lacking(photo)
        if lacks:
            state = format_html(
                '<span class="state state-review">{}</span>', gettext("Not shown: %(why)s") % {"why": lacks}
            )
        elif photo.pk == photo.cover_pk:
            state = format_html('<span class="state state-published">{}</span>', gettext("Cover"))
        else:
            state = ""
        moves = format_html_join(
            " ",
            '<button type="submit" class="button" name="_move" value="{}:{}">{}</button>',
            [("up", photo.pk, gettext("Move up")), ("down", photo.pk, gettext("Move down"))],
        )
        return format_html(
            '<img src="{}" alt="" loading="lazy">{}<span class="moves">{}</span>', photo.small_url, state, moves
        )


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


class PhotoFilter(admin.SimpleListFilter):
    title = _("photos")
    parameter_name = "photos"

    def lookups(self, request, model_admin):
        return [("incomplete", _("without a description or basis"))]

    def queryset(self, request, queryset):
        return self.select(queryset, self.value())

    @staticmethod
    def select(queryset, value):
        if value != "incomplete":
            return queryset
        photo_model = queryset.model._meta.get_field("photos").related_model
        return queryset.filter(pk__in=photo_model.objects.incomplete().values(photo_model.owner_field))


PHOTOS_FIELDSET = (
    _("Add photos"),
    {"fields": ["new_photos", ("new_photos_author", "new_photos_basis")], "classes": ["photo-upload", "for-writing"]},
)


class PhotoUploads:
    """For a ModelAdmin whose model has `photos`: receives, adds, moves, and says what the photos lack."""

    form = PhotosForm

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and (self.has_add_permission(request) or self.has_change_permission(request)):
            files = request.FILES.getlist("new_photos")
            request.uploads = receive(request.user.pk, request.POST.get("kept_photos", ""), files)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.uploads = getattr(request, "uploads", None)
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        photo_model = form.instance.photos.model
        for upload in request.uploads.good:
            photo_model.add_stored(
                form.instance,
                upload.key,
                upload.width,
                upload.height,
                author=form.cleaned_data["new_photos_author"],
                consent_basis=form.cleaned_data["new_photos_basis"],
            )
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
        if request.uploads.good or "_move" in request.POST:
            form = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
            return f"{form}#photos-group"
        return None


def move(photos, order: str):
    """Exchange a photo with its neighbour: "up:12", "down:12"; nothing happens at the ends."""
    direction, _colon, number = order.partition(":")
    ordered = list(photos)
    place = next((index for index, photo in enumerate(ordered) if str(photo.pk) == number), None)
    other = place + {"up": -1, "down": 1}.get(direction, 0) if place is not None else -1
    if not 0 <= other < len(ordered):
        return
    ordered[place], ordered[other] = ordered[other], ordered[place]
    for position, photo in enumerate(ordered, start=1):
        photos.model.objects.filter(pk=photo.pk).update(position=position * 10)
