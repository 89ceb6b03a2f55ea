"""The photo of a gallery: an abstract model that each section makes concrete with a foreign key of its own."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import photo_files
from .photo_tokens import StoredPhoto
from .pictures import WIDTHS, Picture, widths_for

SAME_IN_COPIES = ["width", "height", "digest", "has_avif", "focus_x", "focus_y"]
CONSENT_WARNING = timedelta(days=30)


class ConsentBasis(models.TextChoices):
    """Why the picture may be published (art. 81 of the copyright act; guardians decide for every minor)."""

    NO_PEOPLE = "no_people", _("no people in the picture")
    PUBLIC_FUNCTION = "public_function", _("well-known person in a public function")
    EVENT_DETAIL = "event_detail", _("detail of a gathering or public event")
    WRITTEN_CONSENT = "written_consent", _("written consent")
    GUARDIAN_CONSENT = "guardian_consent", _("consent of the guardians")


class PhotoQuerySet(models.QuerySet):
    def shown(self):
        """Photos that may be seen: with a description, a consent basis, and a consent that has not ended."""
        return (
            self.filter(awaits_description=False)
            .exclude(consent_basis="")
            .filter(Q(consent_expires_on__isnull=True) | Q(consent_expires_on__gte=timezone.localdate()))
        )

    def incomplete(self):
        return self.filter(Q(awaits_description=True) | Q(consent_basis=""))

    def consent_ending(self):
        """With a consent that has ended, or ends within thirty days."""
        return self.filter(consent_expires_on__lte=timezone.localdate() + CONSENT_WARNING)

    def consent_ended(self):
        return self.filter(consent_expires_on__lt=timezone.localdate())


def photo_indexes(owner: str) -> list[models.Index]:
    """For the board: few of very many photos wait for their description or their basis, or lose it soon."""
    unready = {"fields": [owner], "condition": models.Q(awaits_description=True) | models.Q(consent_basis="")}
    expires = {"fields": ["consent_expires_on", owner], "condition": models.Q(consent_expires_on__isnull=False)}
    return [
        models.Index(**unready, name=f"{owner}photo_unready"),
        models.Index(**expires, name=f"{owner}photo_expiring"),
    ]


class GalleryPhoto(models.Model):
    owner_field: str  # the name of the foreign key in the concrete model

    key = models.CharField(max_length=32, unique=True, default=photo_files.new_key, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    # SHA-256 of the picture as it came in: the same in every gallery, and kept through copying and rotating.
    digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    has_avif = models.BooleanField(default=False, editable=False)
    alt = models.CharField(
        _("description for those who cannot see it"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, in one sentence."),
    )
    is_decorative = models.BooleanField(_("only decorative"), default=False)
    awaits_description = models.BooleanField(_("awaits a description"), default=True, editable=False)
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    author = models.CharField(_("author"), max_length=120, blank=True)
    consent_basis = models.CharField(_("basis of publication"), max_length=20, blank=True, choices=ConsentBasis.choices)
    consent_expires_on = models.DateField(_("consent until"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    # What must stay visible where the picture is cropped, in percent from the left and from the top.
    focus_x = models.PositiveSmallIntegerField(
        _("focal point from the left, %"), default=50, validators=[MaxValueValidator(100)]
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focal point from the top, %"), default=50, validators=[MaxValueValidator(100)]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            # Many photos are dropped in at once, before anybody can describe them: until then they wait, unseen.
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_described_or_waiting",
                condition=~Q(alt="") | Q(is_decorative=True) | Q(awaits_description=True),
                violation_error_message=_("Describe the photo or mark it as decorative."),
            ),
        ]

    def __str__(self):
        return self.caption or self.alt or str(_("photo"))

    def save(self, *args, **kwargs):
        self.awaits_description = not (self.alt.strip() or self.is_decorative)
        super().save(*args, **kwargs)

    @classmethod
    def add(cls, owner, picture: Picture, **fields):
        """Keep a decoded picture as the last photo of `owner`. The files are written before the row that names them."""
        photo = cls(
            **{cls.owner_field: owner},
            width=picture.width,
            height=picture.height,
            digest=picture.digest,
            **fields,
        )
        photo_files.write(photo.key, picture)
        return photo._save_as_last()

    @classmethod
    def add_copy(cls, owner, source: "GalleryPhoto", **fields):
        """Give `owner` a photo with the files of `source`, which may belong to another section."""
        same = {name: getattr(source, name) for name in SAME_IN_COPIES}
        photo = cls(**{cls.owner_field: owner}, **same | fields)
        photo_files.copy(source.key, photo.key)
        return photo._save_as_last()

    def _save_as_last(self):
        last = (
            type(self).objects.filter(**{self.owner_field: self.owner}).aggregate(last=models.Max("position"))["last"]
        )
        self.position = (last or 0) + 1
        self.save()
        return self

    def take(self, stored: StoredPhoto):
        """Show these files from now on: of a new photo, or of this one rotated."""
        self.key, self.width, self.height, self.digest = stored.key, stored.width, stored.height, stored.digest
        self.has_avif = False

    @property
    def owner(self):
        return getattr(self, self.owner_field)

    @property
    def language(self) -> str:
        """In which its description and caption are written."""
        return self.owner.language

    @property
    def is_shown(self) -> bool:
        expired = self.consent_expires_on is not None and self.consent_expires_on < timezone.localdate()
        return not self.awaits_description and bool(self.consent_basis) and not expired

    @property
    def is_public(self) -> bool:
        """Whether anybody may see it now: itself shown, on something that answers at its address."""
        owner_model = type(self.owner)
        return self.is_shown and owner_model.objects.reachable().filter(pk=self.owner.pk).exists()

    @property
    def has_files(self) -> bool:
        return photo_files.private_folder(self.key).is_dir()

    def url(self, width: int, extension: str = "jpg") -> str:
        # Not reverse(): a list page asks for a hundred of these.
        return f"{settings.MEDIA_URL}photos/{self.key}/{width}.{extension}"

    @property
    def widths(self) -> list[int]:
        return widths_for(self.width)

    @property
    def largest_url(self) -> str:
        return self.url(self.widths[-1])

    @property
    def small_url(self) -> str:
        return self.url(self.widths[0])

    @property
    def middle_url(self) -> str:
        return self.url(next((w for w in self.widths if w >= WIDTHS[1]), self.widths[-1]))

    def srcset(self, extension: str) -> str:
        return ", ".join(f"{self.url(width, extension)} {width}w" for width in self.widths)

    @property
    def webp_srcset(self) -> str:
        return self.srcset("webp")

    @property
    def jpg_srcset(self) -> str:
        return self.srcset("jpg")

    @property
    def avif_srcset(self) -> str:
        return self.srcset("avif") if self.has_avif else ""

    @property
    def focus_classes(self) -> str:
        """Classes of site.css that keep the focal point in a crop; in tens, as no style may stand in the page."""
        if (self.focus_x, self.focus_y) == (50, 50):
            return ""
        return f"focus-x-{tens(self.focus_x)} focus-y-{tens(self.focus_y)}"


def tens(percent: int) -> int:
    return min(10, (percent + 5) // 10) * 10
