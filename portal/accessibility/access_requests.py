"""Somebody cannot use something, or wants it in another form: asked without an account, answered within a term.

Terms: 7 days; with a reason told to the person, up to 2 months from the day it came (act of 4 April 2019, art. 18).
"""

import uuid
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.content.dates import months_later

TERM = timedelta(days=7)
LONGEST_MONTHS = 2
PERSONAL = "place barrier wanted name email phone address extension_reason answer".split()
KEPT = timedelta(days=365)  # personal data, after the answer


class Subject(models.TextChoices):
    BARRIER = "barrier", _("I report something that cannot be used")
    ALTERNATIVE = "alternative", _("I ask for the same in another form")


class AnswerBy(models.TextChoices):
    EMAIL = "email", _("by e-mail")
    PHONE = "phone", _("by phone or text message")
    LETTER = "letter", _("by letter")


class AccessRequestQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_on=None)

    def overdue(self):
        return self.waiting().filter(due_on__lt=timezone.localdate())

    def to_be_forgotten(self):
        return self.filter(forgotten_at=None, answered_on__lt=timezone.localdate() - KEPT)


class AccessRequest(models.Model):
    subject = models.CharField(_("what it is about"), max_length=12, choices=Subject.choices)
    place = models.CharField(_("where"), max_length=300)
    barrier = models.TextField(_("what hinders"), max_length=2000)
    wanted = models.TextField(_("what would help"), max_length=1000, blank=True)
    name = models.CharField(_("name of the person"), max_length=150, blank=True)
    answer_by = models.CharField(_("how to answer"), max_length=8, choices=AnswerBy.choices)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # a second press of the button
    received_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    due_on = models.DateField(
        _("to be answered by"), help_text=_("Seven days; with a reason at most two months from the day it came.")
    )
    extension_reason = models.TextField(
        _("why it takes longer"), max_length=1000, blank=True, help_text=_("The person is told this and the new day.")
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.TextField(_("what was answered or done"), max_length=2000, blank=True)
    forgotten_at = models.DateTimeField(_("personal data removed at"), null=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("accessibility request")
        verbose_name_plural = _("accessibility requests")
        constraints = [
            models.CheckConstraint(
                name="accessibility_request_can_be_answered",
                condition=Q(forgotten_at__isnull=False)
                | Q(answer_by=AnswerBy.EMAIL) & ~Q(email="")
                | Q(answer_by=AnswerBy.PHONE) & ~Q(phone="")
                | Q(answer_by=AnswerBy.LETTER) & ~Q(address=""),
            )
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(answered_on=None), name="accessibility_waiting")]

    def __str__(self):
        """Nothing that the person wrote: this stays in the admin's log when the row is emptied."""
        return f"{self.number}: {self.get_subject_display()}"

    def save(self, *args, **kwargs):
        self.due_on = self.due_on or self.received_on + TERM
        super().save(*args, **kwargs)

    @property
    def number(self) -> str:
        """By which the person and the office speak of it: "12/2026"."""
        return f"{self.pk}/{self.received_on.year}"

    @property
    def received_on(self) -> date:
        return timezone.localdate(self.received_at)

    @property
    def latest_day(self) -> date:
        return months_later(self.received_on, LONGEST_MONTHS)

    @property
    def is_overdue(self) -> bool:
        return self.answered_on is None and self.due_on < timezone.localdate()

    def clean(self):
        wrong = {}
        today = timezone.localdate()
        if self.due_on and self.due_on > self.latest_day:
            wrong["due_on"] = _("At most two months: %(day)s.") % {"day": self.latest_day.strftime("%d.%m.%Y")}
        if self.due_on and self.due_on < self.received_on:
            wrong["due_on"] = _("It came on %(day)s.") % {"day": self.received_on.strftime("%d.%m.%Y")}
        if self.due_on and self.due_on > self.received_on + TERM and not self.extension_reason:
            wrong["extension_reason"] = _("More than seven days need a reason, which the person is told.")
        if self.answered_on and not self.received_on <= self.answered_on <= today:
            wrong["answered_on"] = _("A day between the one on which it came and today.")
        if self.answered_on and not self.answer:
            wrong["answer"] = _("Write in a word what was answered or done.")
        if wrong:
            raise ValidationError(wrong)


def forget_old() -> str:
    """Job of `tick` and of `restore`: a year after the answer only the kind stays, and how long it took."""
    emptied = dict.fromkeys(PERSONAL, "")
    rows = AccessRequest.objects.to_be_forgotten()
    return f"{rows.update(**emptied, forgotten_at=timezone.now())} forgotten"
