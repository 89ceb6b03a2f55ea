"""The office that owns this portal: one record that fills contact page, footer and error pages."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.content import phones
from portal.content.one_row import OneRow
from portal.content.tidied import TidiedField
from portal.content.wordings import Worded

from . import validators
from .hours import WEEKDAYS, OpeningState, opening_state, weekly_hours


def contrast_with_white(color: str) -> float:
    """Contrast ratio (WCAG 2.2, relative luminance) of a #rrggbb colour with white."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def check_accent(color: str):
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise ValidationError(_("Write the colour as #rrggbb."))
    if contrast_with_white(color) < 4.5:
        raise ValidationError(
            _("White text on this colour would be hard to read: choose a darker one (contrast at least 4.5).")
        )


class PlacesByMail(models.TextChoices):
    OFF = "off", _("we do not ask")
    APPROVED = "approved", _("we ask, and approve what they change")
    DIRECT = "direct", _("we ask, and show what they change at once")


class Office(OneRow, Worded):
    link_fields = ("bip_url", "epuap_url", "quick_exit_url")
    worded = ("site_name", "motto", "about", "hours_note")

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    site_name = models.CharField(_("name of the site"), max_length=150)
    county_name = models.CharField(_("county"), max_length=100, blank=True)
    motto = models.CharField(_("motto"), max_length=200, blank=True)
    about = models.TextField(_("about the office"), blank=True)
    institution = models.OneToOneField(
        "institutions.Institution",
        verbose_name=_("its page in the directory"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="office",
    )
    street = models.CharField(_("street and number"), max_length=150)
    postal_code = models.CharField(
        _("postal code"),
        max_length=6,
        validators=[validators.postal_code],
    )
    town = models.CharField(_("town"), max_length=100)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    email = models.EmailField(_("e-mail"))
    ade = TidiedField(_("address for e-delivery (ADE)"), max_length=40, blank=True, tidy=validators.ade)
    epuap_box = models.CharField(_("ePUAP box"), max_length=100, blank=True)
    epuap_url = models.URLField(_("ePUAP address"), blank=True)
    bip_url = models.URLField(_("BIP page"), blank=True)
    nip = TidiedField(_("NIP"), max_length=16, blank=True, tidy=validators.nip)
    regon = TidiedField(_("REGON"), max_length=20, blank=True, tidy=validators.regon)
    teryt = TidiedField(_("TERYT of the county"), max_length=4, blank=True, tidy=validators.teryt_of_county)
    hours_note = models.CharField(_("note on the hours"), max_length=300, blank=True)
    dpo_name = models.CharField(_("data protection officer"), max_length=120, blank=True)
    dpo_email = models.EmailField(_("e-mail of the officer"), blank=True)
    dpo_phone = TidiedField(_("phone of the officer"), max_length=30, blank=True, tidy=phones.tidy)
    coordinator_name = models.CharField(_("accessibility coordinator"), max_length=120, blank=True)
    coordinator_email = models.EmailField(_("e-mail of the coordinator"), blank=True)
    coordinator_phone = TidiedField(_("phone of the coordinator"), max_length=30, blank=True, tidy=phones.tidy)
    places_by_mail = models.CharField(
        _("monthly question about free places"), max_length=10, choices=PlacesByMail.choices, default=PlacesByMail.OFF,
        help_text=_("Institutions with places get a link by e-mail, by which they confirm their numbers and hours."),
    )  # fmt: skip
    quick_exit_url = models.URLField(
        _("where the quick exit leads"), default="https://meteo.imgw.pl/",
        help_text=_("A site that says nothing about its reader: the weather, a dictionary."),
    )  # fmt: skip
    accent_color = models.CharField(_("colour"), max_length=7, default="#0b5394", validators=[check_accent])
    coat_of_arms = models.ImageField(_("coat of arms"), upload_to="office", blank=True)
    # The official sign, which the home page must show as a link; its file comes from the office, not from this project.
    bip_logo = models.ImageField(_("sign of the Public Information Bulletin"), upload_to="office", blank=True)
    funding_note = models.TextField(_("co-funding notice in the footer"), blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("office")
        constraints = [models.CheckConstraint(name="institutions_one_office", condition=models.Q(pk=1))]

    def __str__(self):
        return self.name

    @classmethod
    def current(cls):
        """The one record, or an unsaved one with a neutral name before the office has been set up."""
        return cls.objects.prefetch_related("phones", "accounts", "hours").filter(pk=1).first() or cls(
            name="", site_name="Portal powiatu", short_name=""
        )

    @property
    def full_address(self) -> str:
        return ", ".join(filter(None, [self.street, f"{self.postal_code} {self.town}".strip()]))

    @property
    def main_phone(self):
        return next(iter(self.phones.all()), None) if self.pk else None

    @property
    def opening(self) -> OpeningState:
        exceptions = self.institution.hours_exceptions.all() if self.institution_id else []
        return opening_state(timezone.localtime(), False, self.hours.all() if self.pk else [], exceptions)

    @property
    def week(self) -> list:
        return weekly_hours(self.hours.all()) if self.pk else []


class OfficePhone(models.Model):
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="phones")
    label = models.CharField(_("label"), max_length=80, blank=True)
    number = TidiedField(_("number"), max_length=30, tidy=phones.tidy)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("phone")
        verbose_name_plural = _("phones")

    def __str__(self):
        return self.number


class OfficeAccount(models.Model):
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="accounts")
    label = models.CharField(_("what for"), max_length=150)
    number = models.CharField(_("account number"), max_length=40)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")

    def __str__(self):
        return self.number


class OfficeHours(models.Model):
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=WEEKDAYS)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"
