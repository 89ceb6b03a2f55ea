"""Facts that go out of date: who compared them with which source, and when. Unchecked ones say so to the reader."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .dates import refuse_days_to_come

CHECKED_ONCE = timedelta(days=3650)  # for `checked_for` of a translation


class Checked(models.Model):
    """`checked_for` is how long a check holds."""

    checked_for: timedelta

    verified_on = models.DateField(_("checked on"), null=True, blank=True)
    verified_by = models.CharField(
        _("checked by"), max_length=150, blank=True, help_text=_("A unit of the office, or a person in their role.")
    )
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("A law with its number, or the address of a page.")
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        refuse_days_to_come(self, "verified_on")
        if self.verified_on and not self.verified_by:
            raise ValidationError({"verified_by": _("Say who checked it.")})
        if self.verified_on and not self.source:
            raise ValidationError({"source": _("Say with which source it was compared.")})

    @property
    def is_checked(self) -> bool:
        """Whether somebody checked it, and not too long ago."""
        return self.verified_on is not None and bool(self.verified_by) and self.verified_on >= self._oldest()

    @classmethod
    def _oldest(cls):
        return timezone.localdate() - cls.checked_for

    @classmethod
    def unchecked(cls) -> Q:
        return Q(verified_on=None) | Q(verified_by="") | Q(verified_on__lt=cls._oldest())
