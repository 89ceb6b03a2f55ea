from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.addresses.models import Addressed
from portal.content import phones
from portal.content.attachments import Attachment
from portal.content.folding import SortKeyField
from portal.content.publishing import Publishable, PublishedQuerySet, Status
from portal.content.richtext import RichTextField
from portal.content.tidied import TidiedField
from portal.content.watched import WatchedReaders
from portal.content.wordings import Worded


class LifeSituation(Worded):
    """What has happened in somebody's life, in their words; data (fixtures/life_situations.json)."""

    worded = ("name", "description")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("life situation")
        verbose_name_plural = _("life situations")


class ServiceCardQuerySet(PublishedQuerySet):
    def for_list(self):
        return self.select_related("unit__type").prefetch_related("situations")

    def for_detail(self):
        return self.select_related("unit__type", "unit__municipality", "translation_of").prefetch_related(
            "situations", "attachments", "unit__phones", "unit__hours", "unit__hours_exceptions"
        )


class ServiceCard(Addressed, WatchedReaders, Publishable):
    """How one matter is settled, from who may come to how to appeal."""

    checked_for = timedelta(days=365)
    checks_originals = True
    # What a resident cannot do without: no card is public that lacks one of these.
    needed = ["lead", "for_whom", "required_documents", "where", "steps", "time_limit", "legal_basis"]

    title = models.CharField(
        _("title"), max_length=200, help_text=_("What a resident does: “Apply for a parking card”.")
    )
    sort_key = SortKeyField("title")
    lead = models.CharField(_("in one sentence"), max_length=300, blank=True)
    situations = models.ManyToManyField(
        LifeSituation, verbose_name=_("life situations"), blank=True, related_name="services"
    )

    for_whom = models.TextField(_("for whom"), blank=True)
    conditions = RichTextField(_("conditions"), blank=True)
    required_documents = RichTextField(_("what to prepare"), blank=True)
    steps = RichTextField(_("step by step"), blank=True)
    where = RichTextField(
        _("where and how to file"), blank=True, help_text=_("In person, by post, by e-delivery, in SOW.")
    )

    is_free = models.BooleanField(_("free of charge"), default=False)
    fee = models.CharField(_("fee"), max_length=300, blank=True, help_text=_("How much, for what and how to pay."))
    time_limit = models.CharField(_("time limit"), max_length=300, blank=True)
    result = models.TextField(_("result"), blank=True, help_text=_("What one gets in the end, and how."))
    appeal = models.TextField(_("appeal"), blank=True)

    unit = models.ForeignKey(
        "institutions.Institution", verbose_name=_("responsible unit"), on_delete=models.PROTECT,
        related_name="services",
    )  # fmt: skip
    room = models.CharField(_("room"), max_length=60, blank=True)
    phone = TidiedField(
        _("phone"), max_length=30, blank=True, tidy=phones.tidy, help_text=_("Empty: the phone of the unit.")
    )
    extension = models.CharField(
        _("extension"), max_length=6, blank=True, validators=[RegexValidator(r"^\d{1,6}$", _("Digits only."))]
    )
    hours = models.CharField(_("hours"), max_length=200, blank=True, help_text=_("Empty: the hours of the unit."))
    accessibility_help = models.TextField(
        _("help for people with special needs"), blank=True, help_text=_("Interpreter, visit at home, help with forms.")
    )

    legal_basis = models.TextField(_("legal basis"), blank=True, help_text=_("One act in each line."))
    privacy_notice = RichTextField(
        _("privacy notice"), blank=True, help_text=_("What the data of this matter are used for, on which basis.")
    )

    objects = ServiceCardQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["status", "publish_at"], name="institutions_card_visible")]
        verbose_name = _("service card")
        verbose_name_plural = _("service cards")
        permissions = [("publish_servicecard", "Can publish service card")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("services:card", args=[self.slug])

    def clean(self):
        super().clean()
        if self.is_free and self.fee:
            raise ValidationError({"fee": _("Either it is free of charge, or there is a fee: not both.")})
        if self.status == Status.PUBLISHED:
            self._refuse_gaps()

    def _refuse_gaps(self):
        gaps = {name: _("A card is published only with this part.") for name in self.needed if not getattr(self, name)}
        if not self.is_free and not self.fee:
            gaps["fee"] = _("Say what it costs, or mark it as free of charge.")
        if gaps:
            raise ValidationError(gaps)

    @property
    def contact_phone(self) -> tuple[str, str] | None:
        """(number as it is written, link): its own, or that of the unit."""
        number, extension = self.phone, self.extension
        if not number:
            main = self.unit.main_phone
            if main is None:
                return None
            number, extension = main.number, main.extension
        written = f"{number} wew. {extension}" if extension else number
        return written, phones.link_to(written)

    @property
    def forms(self) -> list:
        """Its own, and those of the original: the office takes applications in Polish."""
        original = self.translation_of.attachments.all() if self.translation_of else []
        return [*self.attachments.all(), *original]

    @property
    def acts(self) -> list[str]:
        return [line.strip() for line in self.legal_basis.splitlines() if line.strip()]


class ServiceForm(Attachment):
    """A form to fill in (druk, wniosek)."""

    owner_field = "card"

    card = models.ForeignKey(ServiceCard, on_delete=models.CASCADE, related_name="attachments")

    class Meta(Attachment.Meta):
        verbose_name = _("form to download")
        verbose_name_plural = _("forms to download")
