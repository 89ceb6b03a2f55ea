from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.content.dates import next_of


class Period(models.IntegerChoices):
    """In months."""

    ONCE = 0, _("once")
    MONTH = 1, _("each month")
    QUARTER = 3, _("each quarter")
    HALF_YEAR = 6, _("each half-year")
    YEAR = 12, _("each year")
    TWO_YEARS = 24, _("every two years")
    THREE_YEARS = 36, _("every three years")
    FOUR_YEARS = 48, _("every four years")


class DutyQuerySet(models.QuerySet):
    def open(self):
        return self.filter(is_finished=False)

    def overdue(self):
        return self.open().filter(due_on__lt=timezone.localdate())

    def soon(self):
        """Within the days of their reminder, today included."""
        today = timezone.localdate()
        return self.open().filter(due_on__gte=today, remind_from__lte=today)


class Duty(models.Model):
    title = models.CharField(_("what is to be done"), max_length=200)
    due_on = models.DateField(
        _("by"), validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1))]
    )
    period = models.PositiveSmallIntegerField(_("how often"), choices=Period.choices, default=Period.YEAR)
    responsible_email = models.EmailField(
        _("whose it is (e-mail)"), help_text=_("Is reminded, and again a week before.")
    )
    remind_days = models.PositiveSmallIntegerField(
        _("remind so many days before"), default=30, validators=[MaxValueValidator(366)]
    )
    remind_from = models.DateField(editable=False)  # due_on without remind_days, so that lists can ask for it
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    note = models.TextField(_("how it is done"), max_length=2000, blank=True)
    done_on = models.DateField(_("last done on"), null=True, blank=True, editable=False)
    is_finished = models.BooleanField(_("finished"), default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["is_finished", "due_on", "title"]
        verbose_name = _("duty")
        verbose_name_plural = _("calendar of duties")
        constraints = [
            models.CheckConstraint(
                name="duties_reminded_before", condition=Q(remind_from__lte=F("due_on")),
            )
        ]  # fmt: skip

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.remind_from = self.due_on - timedelta(days=self.remind_days)
        super().save(*args, **kwargs)

    @property
    def is_overdue(self) -> bool:
        return not self.is_finished and self.due_on < timezone.localdate()

    def complete(self, day: date):
        """Done on that day. What comes again is due next at the first of its days that is still to come.

        A second press of the button on the same day changes nothing.
        """
        if self.done_on == day:
            return
        self.done_on = day
        if self.period == Period.ONCE:
            self.is_finished = True
        else:
            self.due_on = next_of(self.due_on, self.period, after=max(day, self.due_on))
        self.save()
