"""Who may see what, and when: the one place that decides it.

Every public output (page, list, search, feed, calendar, site map, related items, files) starts from `published()`, or
from `reachable()` where a single address must go on working for what has been archived.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.lookups import IsNull, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import languages
from .checked import CHECKED_ONCE, Checked


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

    def in_language(self, language: str):
        return self.filter(language=language)

    def originals(self):
        return self.in_language(languages.ORIGINAL)

    def for_readers(self):
        """For a list in the language of the page: what is in it, and originals that nobody has translated into it."""
        language = languages.current()
        if language == languages.ORIGINAL:
            return self.originals()
        translations = self.model.objects.published().in_language(language)
        untranslated = ~Exists(translations.order_by().filter(translation_of=OuterRef("pk")))
        return self.filter(Q(language=language) | Q(language=languages.ORIGINAL) & untranslated)


class Publishable(Checked):
    """Whoever translates is named: the fields of Checked are about the translation."""

    checked_for = CHECKED_ONCE
    checks_originals = False  # whether what nobody translated must be checked, too

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
    language = models.CharField(_("language"), max_length=5, default=languages.ORIGINAL, choices=settings.LANGUAGES)
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="translations",
        limit_choices_to={"language": languages.ORIGINAL},
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
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_translation_each",
                fields=["translation_of", "language"],
                violation_error_message=_("There is a translation into this language already."),
            ),
        ]

    def save(self, *args, **kwargs):
        self._publish_now_if_untimed()
        super().save(*args, **kwargs)

    def clean_fields(self, exclude=None):
        self._publish_now_if_untimed()
        super().clean_fields(exclude)

    def clean(self):
        super().clean()
        if not self.translation_of:
            return
        if self.language == languages.ORIGINAL:
            raise ValidationError({"language": _("A translation is in another language than Polish.")})
        if self.translation_of.language != languages.ORIGINAL or self.translation_of_id == self.pk:
            raise ValidationError({"translation_of": _("Choose the Polish original.")})

    @classmethod
    def unchecked(cls) -> Q:
        unchecked = super().unchecked()
        return unchecked if cls.checks_originals else unchecked & Q(translation_of__isnull=False)

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
