from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.content import phones
from portal.content.dates import refuse_days_to_come
from portal.content.one_row import OneRow
from portal.content.richtext import RichTextField
from portal.content.tidied import TidiedField


class ProcessingPurpose(models.Model):
    """One line of what article 13 of the GDPR asks for; whom to ask stands in the office's record."""

    name = models.CharField(_("purpose"), max_length=200, help_text=_("What the data are used for, in plain words."))
    data = models.CharField(_("which data"), max_length=300)
    legal_basis = models.CharField(_("legal basis"), max_length=300, help_text=_("Article of the GDPR, and the act."))
    recipients = models.CharField(_("who receives them"), max_length=300)
    retention = models.CharField(_("how long they are kept"), max_length=200)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("purpose of processing (GDPR)")
        verbose_name_plural = _("purposes of processing (GDPR)")

    def __str__(self):
        return self.name


class ChildProtection(OneRow):
    """Standards for the protection of minors, in full and for children (act of 13 May 2016, art. 22b and 22c)."""

    adopted_on = models.DateField(_("adopted on"))
    revised_on = models.DateField(_("last change on"), null=True, blank=True)
    responsible = models.CharField(
        _("who receives reports"), max_length=150, help_text=_("Name and role, or a unit of the office.")
    )
    phone = TidiedField(_("phone"), max_length=30, tidy=phones.tidy)
    email = models.EmailField(_("e-mail"), blank=True)
    full_text = RichTextField(_("full text"))
    childrens_text = RichTextField(
        _("version for children"), help_text=_("Short sentences that a child of ten understands, and whom to tell.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("standards for the protection of minors")
        verbose_name_plural = _("standards for the protection of minors")
        constraints = [models.CheckConstraint(name="statutory_one_child_protection", condition=Q(pk=1))]

    def __str__(self):
        return gettext("standards for the protection of minors")

    def clean(self):
        super().clean()
        refuse_days_to_come(self, "adopted_on", "revised_on")
        if self.adopted_on and self.revised_on and self.revised_on < self.adopted_on:
            raise ValidationError({"revised_on": _("A change cannot come before the standards were adopted.")})


class Whistleblowing(OneRow):
    """How to report a breach of law (act of 14 June 2024); the terms of the act stand in the template."""

    procedure_on = models.DateField(_("procedure in force since"))
    receiver = models.CharField(_("who receives reports"), max_length=200)
    postal_address = models.CharField(_("postal address"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = TidiedField(_("phone"), max_length=30, blank=True, tidy=phones.tidy)
    meeting = models.TextField(_("meeting"), blank=True, help_text=_("How to arrange one: within 14 days of asking."))
    external = models.TextField(
        _("external reports"),
        help_text=_("Which matters this office receives, and who receives others."),
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("reports of whistle-blowers")
        verbose_name_plural = _("reports of whistle-blowers")
        constraints = [models.CheckConstraint(name="statutory_one_whistleblowing", condition=Q(pk=1))]

    def __str__(self):
        return gettext("reports of whistle-blowers")

    def clean(self):
        super().clean()
        refuse_days_to_come(self, "procedure_on")
        if not (self.postal_address or self.email or self.phone):
            raise ValidationError({"postal_address": _("Give at least one way of reporting: post, e-mail or phone.")})
