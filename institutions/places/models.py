from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

NUMBERS = ["places_total", "places_free", "places_waiting"]


class Origin(models.TextChoices):
    OFFICE = "office", _("the office")
    INSTITUTION = "institution", _("the institution")


class State(models.TextChoices):
    ACCEPTED = "accepted", _("shown")
    WAITING = "waiting", _("waits for approval")
    REFUSED = "refused", _("refused")


class PlacesReportQuerySet(models.QuerySet):
    def accepted(self):
        return self.filter(state=State.ACCEPTED)

    def waiting(self):
        return self.filter(state=State.WAITING)

    def for_list(self):
        return self.select_related("institution")


class PlacesReport(models.Model):
    """The numbers of places of one institution on one day: what was shown, or what waits to be.

    `hours` are the spans of the week as [day, opens, closes]; None where the hours were not asked for.
    """

    institution = models.ForeignKey(
        "institutions.Institution", verbose_name=_("institution"), on_delete=models.CASCADE,
        related_name="places_reports",
    )  # fmt: skip
    as_of = models.DateField(_("places as of"))
    places_total = models.PositiveSmallIntegerField(_("places"), null=True)
    places_free = models.PositiveSmallIntegerField(_("free places"), null=True)
    places_waiting = models.PositiveSmallIntegerField(_("people waiting"), null=True)
    hours = models.JSONField(_("hours"), null=True)
    origin = models.CharField(_("reported by"), max_length=12, choices=Origin.choices, default=Origin.OFFICE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACCEPTED)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = PlacesReportQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "as_of"], condition=Q(state="accepted"), name="institutions_places_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["institution"], condition=Q(state="waiting"), name="institutions_places_one_waits"
            ),
            models.CheckConstraint(
                name="institutions_reported_free_places_exist",
                condition=Q(places_free__isnull=True)
                | Q(places_total__isnull=True)
                | Q(places_free__lte=F("places_total")),
            ),
        ]
        verbose_name = _("report of places")
        verbose_name_plural = _("reports of places")

    def __str__(self):
        return f"{self.institution}, {self.as_of:%d.%m.%Y}"

    @property
    def numbers(self) -> dict:
        return {name: getattr(self, name) for name in NUMBERS}
