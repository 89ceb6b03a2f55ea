"""Texts that somebody must look at again after some time."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .dates import months_later, refuse_days_to_come

REMINDED = timedelta(days=30)


class Reviewed(models.Model):
    """`review_due_on` follows from the other two; without a last review nothing is asked."""

    reviewed_on = models.DateField(_("last review"), null=True, blank=True)
    review_months = models.PositiveSmallIntegerField(
        _("months between reviews"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )  # fmt: skip
    review_due_on = models.DateField(_("next review"), null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        has_both = self.reviewed_on and self.review_months
        self.review_due_on = months_later(self.reviewed_on, self.review_months) if has_both else None
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        refuse_days_to_come(self, "reviewed_on")
        if bool(self.reviewed_on) != bool(self.review_months):
            name = "review_months" if self.reviewed_on else "reviewed_on"
            raise ValidationError({name: _("Give both the last review and the months between reviews, or neither.")})
