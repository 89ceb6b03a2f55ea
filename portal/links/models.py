"""Links that lead nowhere, as found last night, and what is known of addresses outside the portal."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MAX_URL = 2000


class Problem(models.TextChoices):
    MISSING = "missing", _("there is no such page")
    UNPUBLISHED = "unpublished", _("the page is not published")
    STAFF = "staff", _("only for editors")
    MOVED = "moved", _("the page has a new address")
    ANCHOR = "anchor", _("no such place in the text")
    RELATIVE = "relative", _("an incomplete address")
    GONE = "gone", _("the other site has no such page")
    FAILING = "failing", _("the other site does not answer")


class LinkReport(models.Model):
    """One link in one text. The row goes when the link has gone or works again."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    title = models.CharField(_("where it stands"), max_length=300)
    field = models.CharField(_("field"), max_length=60)
    url = models.CharField(_("address"), max_length=MAX_URL)
    words = models.CharField(_("words of the link"), max_length=200, blank=True)
    problem = models.CharField(_("problem"), max_length=12, choices=Problem.choices)
    detail = models.CharField(_("details"), max_length=MAX_URL, blank=True)
    first_seen_at = models.DateTimeField(_("first found"), auto_now_add=True)
    checked_at = models.DateTimeField(_("last checked"))

    class Meta:
        verbose_name = _("link that does not work")
        verbose_name_plural = _("links that do not work")
        ordering = ["-first_seen_at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="links_report_of_object")]

    def __str__(self):
        return f"{self.title}: {self.words or self.url}"


class OutgoingAddress(models.Model):
    """What an address outside the portal answered. Broken at once when it says so itself, else after two bad nights."""

    url = models.CharField(max_length=MAX_URL, unique=True)
    checked_on = models.DateField(pgettext_lazy("of a night", "last checked"), null=True, db_index=True)
    answer = models.CharField(max_length=200, blank=True)
    bad_nights = models.PositiveSmallIntegerField(default=0)
    is_gone = models.BooleanField(default=False)

    def __str__(self):
        return self.url

    @property
    def is_broken(self) -> bool:
        return self.is_gone or self.bad_nights >= 2


class NightlyRun(models.Model):
    """A night whose work is done, so that no restart does it again."""

    day = models.DateField(unique=True)
    done_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return str(self.day)
