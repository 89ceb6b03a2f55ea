"""The site around the sections: static pages with a menu, tiles (Niezbędnik) and the alert banner."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.addresses.models import Addressed
from portal.content.attachments import Attachment
from portal.content.publishing import Publishable, PublishedQuerySet
from portal.content.reviewed import Reviewed
from portal.content.richtext import RichTextField
from portal.content.watched import WatchedReaders
from portal.content.wordings import Worded

local_or_web_address = RegexValidator(
    r"^(/(?!/)|https?://|tel:|mailto:)", _("Begin with / for a page of this site, or with https://.")
)


# Whoever reads these may be watched, whatever an editor has ticked.
ALWAYS_SENSITIVE = {"potrzebuje-pomocy", "przemoc-domowa"}


class StaticPageQuerySet(PublishedQuerySet):
    def in_menu(self):
        return self.filter(is_in_menu=True).order_by("position", "title")


class StaticPage(Addressed, WatchedReaders, Reviewed, Publishable):
    # Laws and printed matter point at /deklaracja-dostepnosci/: a new title must not move it.
    address_follows_title = False

    parent = models.ForeignKey(
        "self", verbose_name=_("belongs to"), null=True, blank=True, on_delete=models.PROTECT, related_name="children",
        limit_choices_to={"parent__isnull": True},
    )  # fmt: skip
    title = models.CharField(_("title"), max_length=200)
    menu_title = models.CharField(_("title in the menu"), max_length=40, blank=True)
    is_in_menu = models.BooleanField(_("in the menu"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    lead = models.TextField(_("lead"), blank=True)
    body = RichTextField(_("text"), blank=True)

    objects = StaticPageQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["position", "title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        permissions = [("publish_staticpage", "Can publish page")]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if self.parent and (self.parent.parent_id or self.parent_id == self.pk):
            raise ValidationError({"parent": _("The tree has two levels: choose a page of the first.")})

    def get_absolute_url(self):
        path = f"{self.parent.slug}/{self.slug}" if self.parent else self.slug
        return reverse("pages:page", args=[path])

    @property
    def short_title(self) -> str:
        return self.menu_title or self.title

    @property
    def files_by_heading(self) -> list[tuple[str, list]]:
        """(heading, files); headings in the order of their first file, those without one first."""
        groups = {"": []}
        for attachment in self.attachments.all():
            groups.setdefault(attachment.heading, []).append(attachment)
        return [(heading, files) for heading, files in groups.items() if files]

    @property
    def hides_its_reader(self) -> bool:
        return super().hides_its_reader or self.special_slug in ALWAYS_SENSITIVE

    @property
    def special_slug(self) -> str:
        """The name by which the program knows a page that shows more than its text: that of the original."""
        return self.translation_of.slug if self.translation_of else self.slug


class PageAttachment(Attachment):
    owner_field = "page"

    page = models.ForeignKey(StaticPage, on_delete=models.CASCADE, related_name="attachments")
    heading = models.CharField(
        _("under the heading"), max_length=80, blank=True, help_text=_("Files with the same heading stand together.")
    )

    class Meta(Attachment.Meta):
        pass


class TileQuerySet(models.QuerySet):
    def reachable(self):
        return self.filter(is_active=True)


class Tile(Worded):
    """A link of the Niezbędnik on the home page."""

    link_fields = ("url",)
    worded = ("title", "description")

    ICONS = [
        ("guide", pgettext_lazy("icon", "guide")),
        ("calendar", pgettext_lazy("icon", "calendar")),
        ("hand", pgettext_lazy("icon", "hand")),
        ("home", pgettext_lazy("icon", "home")),
        ("wheelchair", pgettext_lazy("icon", "wheelchair")),
        ("family", pgettext_lazy("icon", "family")),
        ("scales", pgettext_lazy("icon", "scales")),
        ("phone", pgettext_lazy("icon", "phone")),
        ("document", pgettext_lazy("icon", "document")),
        ("map", pgettext_lazy("icon", "map")),
        ("refugee", pgettext_lazy("icon", "refugee")),
        ("lock", pgettext_lazy("icon", "lock")),
        ("heart", pgettext_lazy("icon", "heart")),
        ("users", pgettext_lazy("icon", "users")),
        ("mail", pgettext_lazy("icon", "mail")),
        ("building", pgettext_lazy("icon", "building")),
    ]

    title = models.CharField(_("title"), max_length=60)
    icon = models.CharField(_("icon"), max_length=20, choices=ICONS, default="guide")
    url = models.CharField(_("leads to"), max_length=300, validators=[local_or_web_address])
    description = models.CharField(_("description"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)

    objects = TileQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("tile (Niezbędnik)")
        verbose_name_plural = _("tiles (Niezbędnik)")


class Severity(models.IntegerChoices):
    """Ordered: a heavier one stands first."""

    INFO = 1, _("information")
    WARNING = 2, _("warning")
    DANGER = 3, _("danger to life or health")


class BannerQuerySet(models.QuerySet):
    def reachable(self):
        """Shown now or to come."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()))

    def current(self):
        return self.reachable().filter(starts_at__lte=timezone.now()).order_by("-severity", "-starts_at")


class Banner(Worded):
    link_fields = ("link",)
    worded = ("text", "link_text")

    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices, default=Severity.INFO)
    text = models.CharField(_("text"), max_length=300)
    link = models.CharField(_("link"), max_length=300, blank=True, validators=[local_or_web_address])
    link_text = models.CharField(_("text of the link"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = BannerQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                name="pages_banner_ends_after_start", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end must come after the start."),
            )
        ]  # fmt: skip
        verbose_name = _("alert banner")
        verbose_name_plural = _("alert banners")


class DemoRow(models.Model):
    """A row that `load_demo` made, so that `remove_demo` can take exactly those away."""

    content_type = models.ForeignKey("contenttypes.ContentType", on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="pages_demo_row_once")]

    def __str__(self):
        return f"{self.content_type} {self.object_id}"
