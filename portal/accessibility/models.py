"""The accessibility statement: one row a version. A published one is never changed; the next takes its place."""

from datetime import date, datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.content import films, phones
from portal.content.attachments import Attachment
from portal.content.one_row import OneRow
from portal.content.richtext import RichTextField
from portal.content.tidied import TidiedField

from . import rules
from .access_requests import AccessRequest

# Tables with files of their own.
__all__ = ["AccessInfo", "AccessRequest", "Statement"]

page_or_web_address = RegexValidator(
    r"^(/(?!/)|https?://)", _("Begin with / for a page of this site, or with https://.")
)

SLUG = "deklaracja-dostepnosci"  # of the page that shows it
PAGE = f"/{SLUG}/"


class Compliance(models.TextChoices):
    """The three words of the law; shown as they are, on a page in Polish."""

    FULL = "full", _("complies in full (w pełni zgodna)")
    PARTIAL = "partial", _("complies in part (częściowo zgodna)")
    NONE = "none", _("does not comply (niezgodna)")


class Basis(models.TextChoices):
    SELF = "self", _("self-assessment by the office")
    AUDIT = "audit", _("audit by somebody outside")
    MAKER = "maker", _("statement of the site's maker")


class StatementQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(published_at=None).order_by("-published_at", "-pk")

    def current(self):
        return self.published().first()

    def reachable(self):
        """What a visitor gets; older versions are evidence and never changed, so nobody mends their links."""
        return self.filter(pk__in=self.published()[:1].values("pk"))

    def on(self, day: date):
        """The version that was in force at the end of that day."""
        end = timezone.make_aware(datetime.combine(day, time.max))
        return self.published().filter(published_at__lte=end).first()


class Statement(models.Model):
    link_fields = ("basis_url", "building_url")

    body_name = models.CharField(_("name of the public body"), max_length=200, blank=True)
    site_published_on = models.DateField(_("site published on"), null=True, blank=True)
    site_updated_on = models.DateField(
        _("last significant update"), null=True, blank=True,
        help_text=_("When something important on the site last changed, such as its look or its parts."),
    )  # fmt: skip
    compliance = models.CharField(_("state"), max_length=10, choices=Compliance.choices, blank=True)
    nonconformities = RichTextField(
        _("what does not comply"), blank=True,
        help_text=_("A list: what it is, whom it hinders, what can be used instead, when it will be better."),
    )  # fmt: skip
    exemptions = RichTextField(_("what the act exempts"), blank=True)
    burden = RichTextField(
        _("excessive costs"), blank=True,
        help_text=_("An office whose tasks serve people with disabilities or the elderly may not plead them."),
    )  # fmt: skip
    burden_assessment_url = models.URLField(_("assessment of the costs (link)"), blank=True)
    prepared_on = models.DateField(
        _("prepared on"), null=True, blank=True, help_text=_("When it was made for the first time. Never changes.")
    )
    reviewed_on = models.DateField(_("last reviewed on"), null=True, blank=True)
    basis = models.CharField(_("prepared on the basis of"), max_length=10, choices=Basis.choices, blank=True)
    basis_by = models.CharField(
        _("who assessed"), max_length=200, blank=True, help_text=_("If it was somebody outside the office.")
    )
    basis_url = models.CharField(
        _("report, summary or statement (link)"), max_length=300, blank=True,
        help_text=_("A page or file of this site (/dokumenty/…) or a whole address (https://…)."),
        validators=[page_or_web_address],
    )  # fmt: skip
    conveniences = RichTextField(_("conveniences and limits"), blank=True)
    shortcuts = RichTextField(_("keyboard shortcuts"), blank=True, help_text=_("Only if the site has some of its own."))
    contact_name = models.CharField(_("person or unit to contact"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = TidiedField(_("phone"), max_length=30, blank=True, tidy=phones.tidy)
    complaint_address = models.CharField(
        _("address for complaints"), max_length=300, blank=True,
        help_text=_("Where a complaint about a refusal is sent: the office's name and postal address."),
    )  # fmt: skip
    apps = RichTextField(
        _("mobile applications"),
        blank=True,
        help_text=_("Each with a link to its own statement; empty if there are none."),
    )
    building = RichTextField(
        _("building"), blank=True, help_text=_("Address of the main seat, and how to get in and about.")
    )
    building_url = models.CharField(
        _("full description of the building (link)"), max_length=300, blank=True, validators=[page_or_web_address]
    )
    has_online_interpreter = models.BooleanField(
        _("sign-language interpreter online"), null=True, choices=[(True, _("available")), (False, _("not available"))]
    )
    interpreter_url = models.URLField(_("how to reach the interpreter (link)"), blank=True)
    communication = RichTextField(
        _("communication"),
        blank=True,
        help_text=_("Interpreter in the office, induction loop, text messages, easy-to-read text."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statement")
        permissions = [("publish_statement", "Can publish accessibility statement")]
        constraints = [
            models.CheckConstraint(
                name="accessibility_review_after_preparation",
                condition=Q(prepared_on=None) | Q(reviewed_on=None) | Q(reviewed_on__gte=F("prepared_on")),
            ),
            models.CheckConstraint(
                name="accessibility_update_after_publication",
                condition=Q(site_published_on=None)
                | Q(site_updated_on=None)
                | Q(site_updated_on__gte=F("site_published_on")),
            ),
        ]

    def __str__(self):
        if not self.published_at:
            return gettext("draft of the statement")
        return gettext("statement of %(day)s") % {"day": timezone.localdate(self.published_at).strftime("%d.%m.%Y")}

    def save(self, *args, **kwargs):
        if self.pk and type(self).objects.published().filter(pk=self.pk).exists():
            raise ValidationError(gettext("A published statement is not changed. Make a new version of it."))
        if self.published_at and (obstacles := self.obstacles()):
            raise ValidationError(obstacles)
        super().save(*args, **kwargs)

    def clean(self):
        """The order of the dates; each message stands beside the later one."""
        today = timezone.localdate()
        wrong = {}
        for first, second, words in [
            ("site_published_on", "site_updated_on", _("The site cannot have been updated before it was published.")),
            ("prepared_on", "reviewed_on", _("The review cannot come before the statement was prepared.")),
        ]:
            begun, ended = getattr(self, first), getattr(self, second)
            if begun and ended and ended < begun:
                wrong[second] = words
        for name in ("site_published_on", "site_updated_on", "prepared_on", "reviewed_on"):
            if (day := getattr(self, name)) and day > today:
                wrong[name] = _("This day is still to come.")
        if wrong:
            raise ValidationError(wrong)

    # --- What the page shows ------------------------------------------------------------------------------------------

    @property
    def site_url(self) -> str:
        return f"{settings.SITE_URL}/"

    @property
    def compliance_words(self) -> str:
        """As the law spells them."""
        return {"full": rules.FULLY, "partial": rules.PARTLY, "none": rules.NOT}.get(self.compliance, "")

    @property
    def last_look_on(self) -> date | None:
        return self.reviewed_on or self.prepared_on

    # --- What stands in the way of publishing -------------------------------------------------------------------------

    def obstacles(self) -> dict[str, list[str]]:
        """By field, what the law asks and this version lacks; the rules of rules.py have the last word."""
        missing = gettext("The law prescribes this part: it cannot be left out.")
        found = {name: [missing] for name in PRESCRIBED if getattr(self, name) in ("", None)}
        has_list = bool(self.nonconformities or self.exemptions or self.burden)
        if self.compliance in (Compliance.PARTIAL, Compliance.NONE) and not has_list:
            words = gettext("Say what does not comply, or what the act exempts: the state is not “in full”.")
            found["nonconformities"] = [words]
        if self.compliance == Compliance.FULL and has_list:
            found["compliance"] = [gettext("Something is listed as inaccessible, so the state is not “in full”.")]
        if self.burden and not self.burden_assessment_url:
            found["burden_assessment_url"] = [gettext("Excessive costs need an assessment that can be read.")]
        return found or self._findings()

    def _findings(self) -> dict[str, list[str]]:
        html = render_to_string("accessibility/_statement.html", {"statement": self})
        found: dict[str, list[str]] = {}
        for finding in rules.check_statement(html, timezone.localdate()):
            found.setdefault(FIELDS.get(finding.element, "__all__"), []).append(str(finding))
        return found


PRESCRIBED = """
    body_name site_published_on site_updated_on compliance prepared_on basis basis_url contact_name contact_email
    contact_phone complaint_address building has_online_interpreter
""".split()
# Beside which field a finding is shown, by the element that it names.
FIELDS = {
    "a11y-data-publikacja": "site_published_on",
    "a11y-data-aktualizacja": "site_updated_on",
    "a11y-status": "compliance",
    "a11y-data-sporzadzenie": "prepared_on",
    "a11y-data-przeglad": "reviewed_on",
    "a11y-ocena": "burden_assessment_url",
    "a11y-kontakt": "contact_name",
    "a11y-email": "contact_email",
    "a11y-telefon": "contact_phone",
    "a11y-aplikacje": "apps",
    "a11y-architektura": "building",
    "a11y-architektura-url": "building_url",
    "a11y-komunikacja": "communication",
    rules.PREPARATION: "basis_url",
    rules.INACCESSIBLE: "nonconformities",
}


class AccessInfoQuerySet(models.QuerySet):
    def reachable(self):
        """It is always public; asked by what belongs to it."""
        return self.all()


class AccessInfo(OneRow):
    """What /dostepnosc/ tells beside the page's own text; one record."""

    scope = RichTextField(
        _("scope of activity"), blank=True,
        help_text=_("What the office does. Also offered as a text file for programs (act of 19 July 2019, art. 6)."),
    )  # fmt: skip
    easy_text = RichTextField(
        _("easy-to-read text (ETR)"), blank=True,
        help_text=_("Who you are, what you help with, where and how to reach you, in short and simple sentences."),
    )  # fmt: skip
    updated_at = models.DateTimeField(auto_now=True)

    objects = AccessInfoQuerySet.as_manager()

    class Meta:
        verbose_name = _("accessibility page")
        verbose_name_plural = _("accessibility page")
        constraints = [models.CheckConstraint(name="accessibility_one_page", condition=Q(pk=1))]

    def __str__(self):
        return gettext("accessibility page")

    @property
    def film(self) -> "SignFilm | None":
        return self.films.first() if self.pk else None


class SignFilm(Attachment):
    """The recording in Polish Sign Language, which nobody may be offered without captions and a transcript."""

    owner_field = "info"
    examine = staticmethod(films.examine)

    info = models.ForeignKey(AccessInfo, on_delete=models.CASCADE, related_name="films")
    captions = models.TextField(_("captions (WebVTT)"), blank=True)
    transcript = models.TextField(
        _("transcript"), blank=True, help_text=_("Everything that is signed, in words, for who cannot see the film.")
    )

    class Meta(Attachment.Meta):
        verbose_name = _("recording in sign language")
        verbose_name_plural = _("recording in sign language")

    def clean(self):
        super().clean()
        if not self.captions:
            raise ValidationError({"captions": films.WITHOUT_CAPTIONS})
        self.captions = films.tidy_captions(self.captions)
        if not self.transcript.strip():
            raise ValidationError({"transcript": _("A film needs a transcript: who cannot see it reads that.")})
