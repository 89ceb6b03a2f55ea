"""What the office says: articles (Aktualności) and notices (Ogłoszenia)."""

from datetime import timedelta

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.models import Event, EventSession, MeetingReport
from institutions.models import FundedProject, Institution
from portal.addresses.models import Addressed
from portal.content.attachments import Attachment
from portal.content.photos import GalleryPhoto, photo_indexes
from portal.content.publishing import NEWEST_FOR_EDITORS, Publishable, PublishedQuerySet, Status
from portal.content.richtext import RichTextField
from portal.content.wordings import Worded


class Category(Worded):
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")


# What a page says of the institution that speaks, of the event and the project that a text is about.
OF_UNIT = [f"unit__{name}" for name in (
    "name", "short_name", "slug", "translation_of", "status", "publish_at", "expire_at", "is_listed",
    "type__is_public_directory",
)]  # fmt: skip
OF_EVENT = [f"event__{name}" for name in ("title", "slug", "status", "publish_at", "expire_at", "visibility")]
OF_PROJECT = ["project__notice", "project__slug"]


def linked_institutions():
    return Institution.objects.published().originals().only("name", "slug", "translation_of")


def shown_photos() -> models.Prefetch:
    return models.Prefetch("photos", queryset=ArticlePhoto.objects.shown())


def with_photos(*articles: "Article"):
    """The same articles, with the photos of all of them brought by one query: those that may be shown."""
    models.prefetch_related_objects(articles, shown_photos())
    return articles


def own_fields(model) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


class ArticleQuerySet(PublishedQuerySet):
    def newest_first(self):
        return self.order_by("-publish_at", "-pk")

    def pinned_first(self):
        return self.order_by("-is_pinned", "-publish_at", "-pk")

    def related_to(self, article, number: int) -> list["Article"]:
        """Others about the same institutions, then of the same category, the newest first, without their photos."""
        others = self.exclude(pk=article.pk).newest_first().for_list().prefetch_related(None)
        institutions = [institution.pk for institution in article.institutions.all()]
        # Of an institution that half of all articles are about only the latest are looked at.
        about = Article.institutions.through.objects.filter(institution__in=institutions)
        latest = about.order_by("-pk").values("article")[: 20 * number]
        found = list(others.filter(pk__in=latest)[:number]) if institutions else []
        if len(found) < number:
            rest = others.filter(category=article.category_id).exclude(pk__in=[other.pk for other in found])
            found += rest[: number - len(found)]
        return found

    def for_list(self):
        return self.select_related("category").prefetch_related(shown_photos()).defer("body")

    def for_detail(self):
        """Without photos: with_photos() brings them together with those of the related articles."""
        sessions = EventSession.objects.filter(event=OuterRef("event")).order_by("starts_at")
        return (
            self.select_related("category", "unit__type", "event", "project")
            .only(
                *own_fields(Article),
                "category__name",
                "category__slug",
                "category__wordings",
                *OF_UNIT,
                *OF_EVENT,
                *OF_PROJECT,
            )
            .annotate(event_starts_at=Subquery(sessions.values("starts_at")[:1]))
            .prefetch_related(
                models.Prefetch(
                    "institutions", queryset=Institution.objects.published().only("name", "slug", "translation_of")
                ),
                "attachments",
            )
        )


class Article(Addressed, Publishable):
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="articles"
    )
    title = models.CharField(_("title"), max_length=250)
    lead = models.TextField(
        _("lead"), max_length=1000, blank=True, help_text=_("One to three sentences that say the most important.")
    )
    body = RichTextField(_("text"))
    text_credit = models.CharField(_("text by"), max_length=120, blank=True)
    photo_credit = models.CharField(_("photos by"), max_length=120, blank=True)
    unit = models.ForeignKey(
        Institution,
        verbose_name=_("author unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="written_articles",
    )
    is_pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Stays first on the home page and in the list.")
    )
    institutions = models.ManyToManyField(
        Institution, verbose_name=_("related institutions"), blank=True, related_name="articles"
    )
    event = models.ForeignKey(
        Event,
        verbose_name=_("related event"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="articles",
    )
    project = models.ForeignKey(
        FundedProject, verbose_name=_("funded project"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="articles",
        help_text=_("Its co-funding notice is shown below the text."),
    )  # fmt: skip
    source_report = models.OneToOneField(
        MeetingReport,
        verbose_name=_("made of the meeting record"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="article",
    )

    objects = ArticleQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-publish_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-publish_at", "-id"], name="news_article_newest"),
            models.Index(fields=["status", "-is_pinned", "-publish_at", "-id"], name="news_article_pinned_first"),
            models.Index(fields=["category", "status", "-publish_at"], name="news_article_in_category"),
            models.Index(fields=["event", "status", "-publish_at"], name="news_article_of_event"),
            models.Index(*NEWEST_FOR_EDITORS, name="news_article_for_editors"),
            models.Index(fields=["publish_at"], name="news_article_by_time"),
            models.Index(fields=["expire_at"], condition=Q(expire_at__isnull=False), name="news_article_expiring"),
            models.Index(fields=["-updated_at"], name="news_article_changed"),
        ]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [("publish_article", "Can publish article")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("news:article", args=[self.slug])

    @property
    def cover(self):
        """The first photo that may be shown."""
        return next(iter(self.photos.all()), None)

    @property
    def gallery(self) -> list["ArticlePhoto"]:
        """The photos below the text: all but the cover, which stands above it."""
        return list(self.photos.all())[1:]

    @property
    def shown_unit(self):
        """The author unit, where its name may be known; an unlisted one has no page, but signs what it writes."""
        return self.unit if self.unit and self.unit.is_published else None


class ArticlePhoto(GalleryPhoto):
    owner_field = "article"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="photos")

    class Meta(GalleryPhoto.Meta):
        indexes = photo_indexes("article")


class ArticleAttachment(Attachment):
    owner_field = "article"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="attachments")

    class Meta(Attachment.Meta):
        pass


class NoticeKind(models.TextChoices):
    RECRUITMENT = "recruitment", _("job offer")
    GRANT_CALL = "grant_call", _("open call for grants")
    PROCUREMENT = "procurement", _("public procurement")
    FOSTER_RECRUITMENT = "foster_recruitment", _("call for foster families")
    TRAINING = "training", _("training")
    ANNOUNCEMENT = "announcement", _("announcement")


class NoticeQuerySet(PublishedQuerySet):
    def current(self):
        """Open ones: the deadline has not passed, or there is none."""
        return self.filter(Q(deadline_at__isnull=True) | Q(deadline_at__gt=timezone.now()))

    def closed(self):
        return self.filter(deadline_at__lte=timezone.now())

    def in_archive(self):
        """Those that no longer run and still answer at their addresses: past their deadline, or archived by hand."""
        return self.reachable().filter(Q(status=Status.ARCHIVED) | Q(deadline_at__lte=timezone.now()))

    def nearest_deadline_first(self):
        return self.order_by(F("deadline_at").asc(nulls_last=True), "-publish_at", "-pk")

    def newest_first(self):
        return self.order_by("-publish_at", "-pk")

    def for_list(self):
        return self.select_related("unit").defer("body")

    def for_detail(self):
        return self.select_related("unit__type").defer("unit__description").prefetch_related("attachments")


class Notice(Addressed, Publishable):
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices, default=NoticeKind.ANNOUNCEMENT)
    title = models.CharField(_("title"), max_length=250)
    summary = models.TextField(_("in short"), max_length=500, blank=True)
    body = RichTextField(_("text"))
    deadline_at = models.DateTimeField(
        _("deadline"), null=True, blank=True, help_text=_("After it the notice moves to the archive by itself.")
    )
    unit = models.ForeignKey(
        Institution,
        verbose_name=_("author unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="notices",
    )

    objects = NoticeQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-publish_at", "-pk"]
        indexes = [models.Index(fields=["status", "-publish_at"], name="news_notice_newest")]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        permissions = [("publish_notice", "Can publish notice")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("news:notice", args=[self.slug])

    @property
    def is_closed(self) -> bool:
        return self.deadline_at is not None and self.deadline_at <= timezone.now()

    @property
    def closes_soon(self) -> bool:
        return (
            self.deadline_at is not None
            and not self.is_closed
            and self.deadline_at - timezone.now() < timedelta(days=7)
        )

    @property
    def deadline_in_words(self) -> str:
        """How long there is still time, in whole days of the calendar; empty without a deadline."""
        if self.deadline_at is None:
            return ""
        if self.is_closed:
            return gettext("the deadline has passed")
        days = (timezone.localdate(self.deadline_at) - timezone.localdate()).days
        if days == 0:
            return gettext("today is the last day")
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}

    @property
    def shown_unit(self):
        """The author unit, where its name may be known; an unlisted one has no page, but signs what it writes."""
        return self.unit if self.unit and self.unit.is_published else None


class NoticeAttachment(Attachment):
    owner_field = "notice"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attachments")

    class Meta(Attachment.Meta):
        pass
