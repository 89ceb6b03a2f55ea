"""The directory: the office itself, its units and other institutions, and what they all need to be reached.

An address may be hidden (a shelter). The raw fields are for staff only: every public output takes `location`, which
holds what may be known and nothing else.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.addresses.models import Addressed
from portal.content import languages, phones
from portal.content.folding import SortKeyField
from portal.content.photos import GalleryPhoto, photo_indexes
from portal.content.publishing import Publishable, PublishedQuerySet
from portal.content.richtext import RichTextField
from portal.content.tidied import TidiedField
from portal.content.wordings import Worded

from . import validators
from .costs import MonthlyCost
from .funding import FundedProject, ProjectLogo
from .help_lines import HelpLine, HelpLineTranslation
from .hours import WEEKDAYS, OpeningState, opening_state, weekly_hours
from .memberships import EditorMembership
from .office import Office, OfficeAccount, OfficeHours, OfficePhone
from .places.models import PlacesReport
from .services.models import LifeSituation, ServiceCard, ServiceForm

# Tables with files of their own.
__all__ = [
    "EditorMembership",
    "FundedProject",
    "HelpLine",
    "HelpLineTranslation",
    "LifeSituation",
    "MonthlyCost",
    "Office",
    "OfficeAccount",
    "OfficeHours",
    "OfficePhone",
    "PlacesReport",
    "ProjectLogo",
    "ServiceCard",
    "ServiceForm",
]

PLACES_STALE_AFTER = timedelta(days=90)
PAST_REPORTS = 12


class InstitutionType(Worded):
    """A kind of institution in the words of Polish law; data, not code (fixtures/institution_types.json)."""

    worded = ("name", "name_plural", "group_label")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=150)
    name_plural = models.CharField(_("name in plural"), max_length=150)
    group = models.SlugField(_("group"), max_length=30)
    group_label = models.CharField(_("name of the group"), max_length=100)
    description = models.TextField(_("description"), blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    max_places = models.PositiveSmallIntegerField(_("most places by law"), null=True, blank=True)
    is_residential = models.BooleanField(_("people live there"), default=False)
    is_public_directory = models.BooleanField(_("shown in the directory"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("type of institution")
        verbose_name_plural = _("types of institutions")


class InstitutionSubtype(models.Model):
    type = models.ForeignKey(InstitutionType, verbose_name=_("type"), on_delete=models.CASCADE, related_name="subtypes")
    name = models.CharField(_("name"), max_length=150)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["type", "position", "name"]
        constraints = [models.UniqueConstraint(fields=["type", "name"], name="institutions_subtype_once_per_type")]
        verbose_name = _("subtype")
        verbose_name_plural = _("subtypes")

    def __str__(self):
        return self.name


class ServedGroup(Worded):
    """Whom an institution serves, in a resident's words; data, so that an office can add its own."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("group of residents")
        verbose_name_plural = _("groups of residents")


class Municipality(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    teryt = TidiedField(_("TERYT"), max_length=7, blank=True, tidy=validators.teryt_of_municipality)
    sort_key = SortKeyField("name")

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")

    def __str__(self):
        return self.name


class Operator(models.TextChoices):
    COUNTY = "county", _("run by the county")
    COMMISSIONED = "commissioned", _("commissioned by the county")
    MUNICIPALITY = "municipality", _("run by a municipality")
    VOIVODESHIP = "voivodeship", _("run by the voivodeship")
    STATE = "state", _("state institution")
    OTHER = "other", _("other operator")


class AddressVisibility(models.TextChoices):
    PUBLIC = "public", _("public")
    TOWN_ONLY = "town_only", _("town only")
    HIDDEN = "hidden", _("hidden everywhere")


class Access(models.TextChoices):
    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known")


@dataclass(frozen=True)
class Location:
    """The part of an address that may be known to everybody."""

    street: str = ""
    postal_code: str = ""
    town: str = ""
    latitude: float | None = None
    longitude: float | None = None
    getting_there: str = ""
    access_note: str = ""  # "wejście od podwórza": says where the house is, as much as a street does

    def __str__(self):
        return ", ".join(filter(None, [self.street, f"{self.postal_code} {self.town}".strip()]))

    @property
    def has_position(self) -> bool:
        return self.latitude is not None and self.longitude is not None


class InstitutionQuerySet(PublishedQuerySet):
    """Courts, police and schools that only take part in meetings are rows too (`is_listed=False`) without a page."""

    def published(self):
        return super().published().filter(is_listed=True, type__is_public_directory=True)

    def reachable(self):
        return super().reachable().filter(is_listed=True, type__is_public_directory=True)

    def for_readers(self):
        """All of them: a translation only lends its words (`Institution.words`)."""
        return self.originals().prefetch_related(*_words())

    def grouped(self):
        """By groups of types, in the order of the first type of each; in a group from A to Z.

        One list from A to Z would put nearly everything under "D" (dom), "P" (powiatowy) and "Ś" (środowiskowy).
        """
        same_group = InstitutionType.objects.filter(group=OuterRef("type__group")).order_by("position")
        first = Subquery(same_group.values("position")[:1])
        return self.annotate(group_position=first).order_by("group_position", "type__group", "sort_key", "pk")

    def in_municipality(self, municipality):
        """Only those whose municipality may be known: a filter must not tell where a shelter is."""
        return self.filter(municipality=municipality).with_known_place()

    def with_known_place(self):
        """Without those of which nobody may know where they are."""
        return self.exclude(address_visibility=AddressVisibility.HIDDEN)

    def crisis_centres(self):
        """Where somebody in danger can go, those that never close first."""
        return self.published().for_readers().filter(type__code="oik").order_by("-is_24_7", "sort_key")

    def with_places(self):
        return self.filter(Q(places_total__gt=0) | Q(places_free__isnull=False))

    def with_free_places(self):
        return self.filter(places_free__gt=0)

    def for_list(self):
        photos = models.Prefetch("photos", queryset=InstitutionPhoto.objects.shown())
        return self.select_related("type", "municipality").prefetch_related("phones", photos).defer("description")

    def for_detail(self):
        return self.select_related("type", "municipality", "supervising_unit__type").prefetch_related(
            "phones", "subtypes", "serves", "hours", "hours_exceptions", "agreements", "monthly_costs", "projects",
            models.Prefetch("photos", queryset=InstitutionPhoto.objects.shown()), *_words(),
        )  # fmt: skip


def _words() -> list[models.Prefetch]:
    """What brings the translations into the language of the page; nothing on a page in Polish."""
    if languages.current() == languages.ORIGINAL:
        return []
    translations = Institution.objects.published().in_language(languages.current())
    return [models.Prefetch("translations", queryset=translations, to_attr="fitting")]


class Institution(Addressed, Publishable):
    address_source = "name"

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    sort_key = SortKeyField("name")
    type = models.ForeignKey(
        InstitutionType, verbose_name=_("type"), on_delete=models.PROTECT, related_name="institutions"
    )
    subtypes = models.ManyToManyField(InstitutionSubtype, verbose_name=_("subtypes"), blank=True)
    is_listed = models.BooleanField(
        _("shown in the directory"),
        default=True,
        help_text=_("Off for courts, police or schools that only take part in meetings."),
    )
    operator = models.CharField(_("operator"), max_length=20, choices=Operator.choices, default=Operator.COUNTY)
    operator_name = models.CharField(_("name of the operator"), max_length=200, blank=True)
    supervising_unit = models.ForeignKey(
        "self",
        verbose_name=_("supervising unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="supervised",
    )

    lead = models.CharField(_("in one sentence"), max_length=300, blank=True)
    description = RichTextField(_("description"), blank=True)
    for_whom = models.TextField(_("for whom"), blank=True)
    serves = models.ManyToManyField(ServedGroup, verbose_name=_("serves"), blank=True)
    area_served = models.CharField(_("area served"), max_length=200, blank=True)

    address_visibility = models.CharField(
        _("visibility of the address"),
        max_length=10,
        choices=AddressVisibility.choices,
        default=AddressVisibility.PUBLIC,
        help_text=_(
            "A hidden address appears nowhere outside this form: not on the page, the map, in search or in calendars."
        ),
    )
    street = models.CharField(_("street and number"), max_length=150, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=6, blank=True, validators=[validators.postal_code])
    town = models.CharField(_("town"), max_length=100, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="institutions",
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(48.9), MaxValueValidator(55.0)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(14.0), MaxValueValidator(24.3)]
    )
    getting_there = models.TextField(_("how to get there"), blank=True)

    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    bip_url = models.URLField(_("BIP page"), blank=True)
    ade = TidiedField(_("address for e-delivery (ADE)"), max_length=40, blank=True, tidy=validators.ade)
    nip = TidiedField(_("NIP"), max_length=16, blank=True, tidy=validators.nip)
    regon = TidiedField(_("REGON"), max_length=20, blank=True, tidy=validators.regon)
    head_role = models.CharField(
        _("role of the head"), max_length=100, blank=True, help_text=_("Director, manager, chairwoman …")
    )
    head_name = models.CharField(_("name of the head"), max_length=120, blank=True)

    is_24_7 = models.BooleanField(_("open day and night"), default=False)
    hours_note = models.CharField(_("note on the hours"), max_length=300, blank=True)

    places_total = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    places_free = models.PositiveSmallIntegerField(_("free places"), null=True, blank=True)
    places_waiting = models.PositiveSmallIntegerField(_("people waiting"), null=True, blank=True)
    places_as_of = models.DateField(_("places as of"), null=True, blank=True)
    places_email = models.EmailField(
        _("e-mail for the monthly question"), blank=True, help_text=_("Empty: the e-mail of the institution.")
    )

    step_free_entrance = models.CharField(
        _("step-free entrance"), max_length=8, choices=Access.choices, default=Access.UNKNOWN
    )
    lift = models.CharField(_("lift or ground floor"), max_length=8, choices=Access.choices, default=Access.UNKNOWN)
    accessible_toilet = models.CharField(
        _("accessible toilet"), max_length=8, choices=Access.choices, default=Access.UNKNOWN
    )
    induction_loop = models.CharField(_("induction loop"), max_length=8, choices=Access.choices, default=Access.UNKNOWN)
    sign_language = models.CharField(
        _("Polish sign language interpreter"), max_length=8, choices=Access.choices, default=Access.UNKNOWN
    )
    assistance_dog = models.CharField(
        _("assistance dog welcome"), max_length=8, choices=Access.choices, default=Access.UNKNOWN
    )
    parking = models.CharField(
        _("parking for people with disabilities"), max_length=8, choices=Access.choices, default=Access.UNKNOWN
    )
    accessibility_note = models.TextField(_("more on access to the building"), blank=True)

    permit_no = models.CharField(_("permit or register number"), max_length=100, blank=True)
    founded = models.PositiveSmallIntegerField(
        _("founded in"), null=True, blank=True, validators=[MinValueValidator(1000), MaxValueValidator(2100)]
    )
    founded_note = models.CharField(_("note on the founding"), max_length=300, blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["status", "publish_at"], name="institutions_visible")]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="institutions_free_places_exist",
                condition=Q(places_free__isnull=True)
                | Q(places_total__isnull=True)
                | Q(places_free__lte=F("places_total")),
                violation_error_message=_("There cannot be more free places than places."),
            ),
        ]
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        permissions = [("publish_institution", "Can publish institution")]

    def __str__(self):
        return self.short_name or self.name

    def save(self, *args, **kwargs):
        if self.translation_of:
            self._take_facts()
        super().save(*args, **kwargs)

    def _take_facts(self):
        """Of a translation only the words are its own."""
        for name in ("type", "is_listed", "operator", "address_visibility"):
            setattr(self, name, getattr(self.translation_of, name))

    def clean(self):
        super().clean()
        if (self.places_free is not None or self.places_waiting is not None) and self.places_as_of is None:
            raise ValidationError({"places_as_of": _("Say on which day the numbers of places were true.")})
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Give both latitude and longitude, or neither.")})

    def get_absolute_url(self):
        return reverse("institutions:detail", args=[self.translation_of.slug if self.translation_of_id else self.slug])

    @cached_property
    def words(self) -> "Institution":
        """The translation that fits the page, where it was brought; else itself."""
        return next(iter(getattr(self, "fitting", [])), self)

    @property
    def has_page(self) -> bool:
        """Whether `published()` would find it, so that it may be linked to (reads `type`)."""
        return self.is_published and self.is_listed and self.type.is_public_directory

    @property
    def is_place_secret(self) -> bool:
        return self.address_visibility == AddressVisibility.HIDDEN

    @cached_property
    def location(self) -> Location:
        """All that the public may know of where this is."""
        if self.is_place_secret:
            return Location()
        if self.address_visibility == AddressVisibility.TOWN_ONLY:
            return Location(town=self.town)
        return Location(
            self.street, self.postal_code, self.town, self.latitude, self.longitude, self.getting_there,
            self.accessibility_note,
        )  # fmt: skip

    @property
    def public_municipality(self) -> str:
        return "" if self.is_place_secret or not self.municipality else self.municipality.name

    @property
    def cover(self):
        return next(iter(self.photos.all()), None)

    @property
    def main_phone(self):
        phones = list(self.phones.all())
        return next((phone for phone in phones if phone.is_main), phones[0] if phones else None)

    @cached_property
    def opening(self) -> OpeningState:
        """Whether it is open at this moment, and until or from when (uses the prefetched hours)."""
        return opening_state(timezone.localtime(), self.is_24_7, self.hours.all(), self.hours_exceptions.all())

    @property
    def places_contact(self) -> str:
        """Whom the office asks each month for the numbers of places."""
        return self.places_email or self.email

    @property
    def past_places(self) -> list:
        """The last reports before the one that is shown, the newest first."""
        reports = self.places_reports.accepted().filter(as_of__lt=self.places_as_of) if self.places_as_of else []
        return list(reports[:PAST_REPORTS])

    @property
    def are_places_stale(self) -> bool:
        return self.places_as_of is not None and timezone.localdate() - self.places_as_of > PLACES_STALE_AFTER

    @property
    def week(self) -> list:
        return weekly_hours(self.hours.all())

    @property
    def coming_exceptions(self) -> list:
        today = timezone.localdate()
        return [exception for exception in self.hours_exceptions.all() if exception.day >= today]

    @property
    def accessibility_facts(self) -> list[tuple[str, str, str]]:
        """(label, value code, value in words) of what is known of the building."""
        names = [
            "step_free_entrance",
            "lift",
            "accessible_toilet",
            "induction_loop",
            "sign_language",
            "assistance_dog",
            "parking",
        ]
        return [
            (self._meta.get_field(name).verbose_name, getattr(self, name), getattr(self, f"get_{name}_display")())
            for name in names
            if getattr(self, name) != Access.UNKNOWN
        ]


class InstitutionPhone(models.Model):
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="phones")
    label = models.CharField(_("label"), max_length=80, blank=True, help_text=_("Reception, crisis line, fax …"))
    number = TidiedField(_("number"), max_length=30, tidy=phones.tidy)
    extension = models.CharField(
        _("extension"), max_length=6, blank=True, validators=[RegexValidator(r"^\d{1,6}$", _("Digits only."))]
    )
    is_main = models.BooleanField(_("main"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("phone")
        verbose_name_plural = _("phones")

    def __str__(self):
        return self.number

    @property
    def link(self) -> str:
        return phones.link_to(f"{self.number} wew. {self.extension}" if self.extension else self.number)


class OpeningHours(models.Model):
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=WEEKDAYS)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                name="institutions_opens_before_closing", condition=Q(closes__gt=F("opens")),
                violation_error_message=_("Closing must come after opening."),
            )
        ]  # fmt: skip
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class OpeningException(models.Model):
    """One day with other hours than its weekday, or closed."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="hours_exceptions")
    day = models.DateField(_("day"))
    is_closed = models.BooleanField(_("closed"), default=False)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "day"], name="institutions_one_exception_a_day"),
            models.CheckConstraint(
                name="institutions_exception_is_closed_or_timed",
                condition=Q(is_closed=True) | Q(opens__isnull=False, closes__gt=F("opens")),
                violation_error_message=_("Give the hours of that day, or mark it as closed."),
            ),
        ]
        verbose_name = _("exception to the hours")
        verbose_name_plural = _("exceptions to the hours")

    def __str__(self):
        return str(self.day)


class CooperationAgreement(models.Model):
    """An agreement (porozumienie) by which another county uses this institution."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="agreements")
    county = models.CharField(_("county or city"), max_length=120)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    since = models.PositiveSmallIntegerField(_("since the year"), null=True, blank=True)

    class Meta:
        ordering = ["county"]
        verbose_name = _("agreement with another county")
        verbose_name_plural = _("agreements with other counties")

    def __str__(self):
        return self.county


class InstitutionPhoto(GalleryPhoto):
    owner_field = "institution"

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="photos")

    class Meta(GalleryPhoto.Meta):
        indexes = photo_indexes("institution")
