"""The average monthly cost of a care home, set by the starosta each year (act on social assistance, art. 60(2)(2))."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.dates import refuse_days_to_come


class MonthlyCost(models.Model):
    """In złoty for one resident and month, in force from the month after it stood in the voivodeship's gazette."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.CASCADE, related_name="monthly_costs")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2004), MaxValueValidator(2100)])
    amount = models.DecimalField(_("amount in zł"), max_digits=8, decimal_places=2, validators=[MinValueValidator(1)])
    gazette = models.CharField(_("gazette"), max_length=120, help_text=_("Dz. Urz. Woj. …"))
    gazette_position = models.PositiveIntegerField(_("position in the gazette"), validators=[MinValueValidator(1)])
    published_on = models.DateField(_("published in the gazette on"))

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "year"], name="institutions_one_cost_a_year",
                violation_error_message=_("There is a cost of this year already."),
            )
        ]  # fmt: skip
        verbose_name = _("monthly cost")
        verbose_name_plural = _("monthly costs")

    def __str__(self):
        return str(self.year)

    def clean(self):
        super().clean()
        refuse_days_to_come(self, "published_on")
        if self.published_on and self.year and self.published_on.year not in (self.year, self.year + 1):
            raise ValidationError({"published_on": _("The cost of a year is published in that year.")})

    @property
    def source(self) -> str:
        """ "Dz. Urz. Woj. Podkarpackiego 2026, poz. 812"."""
        return f"{self.gazette} {self.published_on.year}, poz. {self.gazette_position}"
