"""Who may see what, and when: the one place that decides it.

Every public output (page, list, search, feed, calendar, site map, related items, files) starts from `published()`, or
from `reachable()` where a single address must go on working for what has been archived.
"""

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import IsNull, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("For review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


# The order of editors' lists: what has no time yet stands first. Where there are many rows, there is an index of it.
NEWEST_FOR_EDITORS = [IsNull(F("publish_at"), True).desc(), F("publish_at").desc(), F("id").desc()]


class NotLookedUp(Func):
    """The column as it is, but SQLite does not look it up in an index.

    Nearly everything has appeared. SQLite takes the condition for one that few rows fulfil, fetches all of them by it
    and sorts them, where walking along the order of the list would end after a page.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


class PublishedQuerySet(models.QuerySet):
    """Decided at query time, so a scheduled publication or an expiry needs no job and is exact to the second."""

    def _in_time(self):
        now = timezone.now()
        has_appeared = LessThanOrEqual(NotLookedUp(F("publish_at")), now)
        return self.filter(has_appeared, Q(expire_at__isnull=True) | Q(expire_at__gt=now))

    def published(self):
        """What lists, feeds, search and site map show."""
        return self._in_time().filter(status=Status.PUBLISHED)

    def reachable(self):
        """What still answers at its own address: the published, and the archived with a banner and noindex."""
        return self._in_time().filter(status__in=[Status.PUBLISHED, Status.ARCHIVED])

    def in_language(self, language: str = "pl"):
        return self.filter(language=language)


class Publishable(models.Model):
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    publish_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        help_text=_("When it becomes visible. A time to come schedules the publication; left empty it means at once."),
    )
    expire_at = models.DateTimeField(
        _("visible until"), null=True, blank=True, help_text=_("After this time it disappears from the public site.")
    )
    language = models.CharField(
        _("language"), max_length=5, default="pl", choices=[("pl", "Polski"), ("en", "English"), ("uk", "Українська")]
    )
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="translations",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_published_has_time",
                condition=Q(publish_at__isnull=False) | Q(status__in=[Status.DRAFT, Status.REVIEW]),
                violation_error_message=_("What is published needs a time of publication."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_expires_after_publication",
                condition=Q(expire_at__isnull=True) | Q(publish_at__isnull=True) | Q(expire_at__gt=F("publish_at")),
                violation_error_message=_("The end of visibility must come after the publication."),
            ),
        ]

    def save(self, *args, **kwargs):
        self._publish_now_if_untimed()
        super().save(*args, **kwargs)

    def clean_fields(self, exclude=None):
        self._publish_now_if_untimed()
        super().clean_fields(exclude)

    def _publish_now_if_untimed(self):
        if self.publish_at is None and self.status in (Status.PUBLISHED, Status.ARCHIVED):
            self.publish_at = timezone.now()

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED and self._is_in_time()

    @property
    def is_archived(self) -> bool:
        return self.status == Status.ARCHIVED

    @property
    def is_scheduled(self) -> bool:
        return self.status == Status.PUBLISHED and self.publish_at is not None and self.publish_at > timezone.now()

    @property
    def is_expired(self) -> bool:
        return self.expire_at is not None and self.expire_at <= timezone.now()

    def _is_in_time(self) -> bool:
        return self.publish_at is not None and self.publish_at <= timezone.now() and not self.is_expired

    @property
    def was_updated(self) -> bool:
        """Whether a reader should be told of a change: one made at least an hour after the publication."""
        return self.publish_at is not None and (self.updated_at - self.publish_at).total_seconds() > 3600

    def archive(self):
        """Take it out of the lists and keep its address alive; content is archived, never deleted."""
        self.status = Status.ARCHIVED
        self.save(update_fields=["status", "publish_at", "updated_at"])
