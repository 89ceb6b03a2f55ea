"""Sign-up for an event: its rules, and the people who registered.

The rules stand in a row of their own beside the event, because that row is also the lock: every change of a seat
writes to it first (seats.py), while editors save the event as they like.

Nothing here has a name of a person in its `__str__`: the admin's log would keep it for ever.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event, EventSession
from portal.content import languages
from portal.content.personal_data import refuse_pesel


class SignUpMode(models.TextChoices):
    INTERNAL = "internal", _("on this site")
    EXTERNAL = "external", _("on another site")
    PHONE = "phone", _("by phone or in person")


class PromotionMode(models.TextChoices):
    AUTOMATIC = "automatic", _("at once: the next person gets the seat")
    OFFER = "offer", _("offer: the next person has some hours to accept")
    MANUAL = "manual", _("by the office only")


class Asked(models.TextChoices):
    NO = "no", pgettext_lazy("question of a form", "not asked")
    OPTIONAL = "optional", pgettext_lazy("question of a form", "may be left empty")
    REQUIRED = "required", pgettext_lazy("question of a form", "must be answered")


class RegistrationStatus(models.TextChoices):
    PENDING = "pending", _("waits for the office's decision")
    HELD = "held", _("seat held, e-mail to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    WAITING = "waiting", _("waiting list")
    OFFERED = "offered", _("seat offered")
    CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")
    EXPIRED = "expired", _("expired")


TAKES_SEAT = [RegistrationStatus.HELD, RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED]
ACTIVE = [*TAKES_SEAT, RegistrationStatus.WAITING, RegistrationStatus.PENDING]
FINAL = [RegistrationStatus.CANCELLED, RegistrationStatus.EXPIRED]


# --- The rules of one sign-up -----------------------------------------------------------------------------------------


class SignUpQuerySet(models.QuerySet):
    def with_counts(self):
        """`taken` seats and `waiting` registrations; counted, never stored, so that they cannot drift."""
        rows = Registration.objects.filter(signup=OuterRef("pk")).order_by().values("signup")
        taken = rows.filter(status__in=TAKES_SEAT).annotate(found=Sum("seats")).values("found")
        waiting = rows.filter(status=RegistrationStatus.WAITING).annotate(found=Count("pk")).values("found")
        return self.annotate(taken=Coalesce(Subquery(taken), 0), waiting=Coalesce(Subquery(waiting), 0))

    def not_over(self):
        return self.filter(event__sessions__ends_at__gt=timezone.now()).distinct()


class SignUp(models.Model):
    event = models.OneToOneField(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="signup")
    mode = models.CharField(_("people sign up"), max_length=8, choices=SignUpMode.choices, default=SignUpMode.INTERNAL)
    external_url = models.URLField(_("address of the other site"), blank=True)
    opens_at = models.DateTimeField(_("sign-up opens"), null=True, blank=True, help_text=_("Empty: at once."))
    closes_at = models.DateTimeField(
        _("sign-up closes"), null=True, blank=True, help_text=_("Empty: when the first date begins.")
    )
    capacity = models.PositiveIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100_000)],
        help_text=_("Empty: no limit. 0: waiting list only."),
    )
    max_seats = models.PositiveSmallIntegerField(
        _("seats for one registration"),
        choices=[(1, _("one person")), (2, _("one or two people, for couples"))],
        default=1,
    )
    has_waiting_list = models.BooleanField(_("waiting list when it is full"), default=True)
    promotion_mode = models.CharField(
        _("a free seat goes to the waiting list"),
        max_length=9,
        choices=PromotionMode.choices,
        default=PromotionMode.AUTOMATIC,
    )
    promotion_cutoff_hours = models.PositiveSmallIntegerField(
        _("hours before the start when that stops"),
        default=24,
        validators=[MaxValueValidator(24 * 60)],
        help_text=_("Later the office phones people itself."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to accept an offered seat"), default=24, validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    needs_approval = models.BooleanField(_("the office decides on each registration"), default=False)
    verifies_email = models.BooleanField(_("e-mail must be confirmed"), default=True)
    hold_minutes = models.PositiveIntegerField(
        _("minutes to confirm the e-mail"),
        default=120,
        validators=[MinValueValidator(5), MaxValueValidator(60 * 24 * 14)],
        help_text=_("The seat is held for so long."),
    )
    asks_phone = models.CharField(_("phone"), max_length=8, choices=Asked.choices, default=Asked.OPTIONAL)
    asks_institution = models.CharField(
        pgettext_lazy("of a participant", "institution"), max_length=8, choices=Asked.choices, default=Asked.NO
    )
    asks_job_title = models.CharField(_("post"), max_length=8, choices=Asked.choices, default=Asked.NO)
    asks_town = models.CharField(_("town"), max_length=8, choices=Asked.choices, default=Asked.NO)
    asks_remarks = models.CharField(_("remarks"), max_length=8, choices=Asked.choices, default=Asked.NO)
    asks_needs = models.BooleanField(_("needs: interpreter, access, diet"), default=True)
    asks_photo_consent = models.BooleanField(_("consent to close-up photos"), default=False)
    asks_invitation_consent = models.BooleanField(_("consent to further invitations"), default=False)
    note = models.TextField(
        _("words above the form"), blank=True, max_length=1000, help_text=_("For example what to bring.")
    )
    min_hours_for_certificate = models.DecimalField(
        _("hours needed for a certificate"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    certificate_title = models.CharField(
        _("title on the certificate"), max_length=250, blank=True, help_text=_("Empty: the event's title.")
    )
    programme_decision = models.CharField(
        _("decision approving the programme"),
        max_length=200,
        blank=True,
        help_text=_(
            "Number and date. Only with it can the statutory certificate of a foster-family training be issued "
            "(act of 9 June 2011 on family support, art. 44)."
        ),
    )
    legal_hold = models.BooleanField(
        _("legal hold: nothing is forgotten"), default=False, help_text=_("While a dispute or an audit goes on.")
    )
    legal_hold_reason = models.CharField(_("reason of the hold"), max_length=200, blank=True)
    # The lock, and the counter that gives places in the queue: written first by every change of a seat.
    seq = models.PositiveIntegerField(default=0, editable=False)
    # What was given before it may be more than there is now, and rightly so (checks.py).
    capacity_changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # What the registered people have last been told of dates, places and state (schedule.py).
    told_schedule = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="registration_closes_after_opening",
                condition=Q(closes_at__isnull=True) | Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("Sign-up must close after it opens."),
            ),
            models.CheckConstraint(
                name="registration_one_or_two_seats", condition=Q(max_seats__gte=1, max_seats__lte=2)
            ),
            models.CheckConstraint(name="registration_hold_is_positive", condition=Q(hold_minutes__gt=0)),
            models.CheckConstraint(
                name="registration_external_has_address",
                condition=~Q(mode=SignUpMode.EXTERNAL) | ~Q(external_url=""),
                violation_error_message=_("Give the address of the other site."),
            ),
        ]
        verbose_name = _("sign-up")
        verbose_name_plural = pgettext_lazy("plural", "sign-ups")
        permissions = [
            ("work_at_desk", "Can register people and change their seats"),
            ("export_people", "Can export lists of people"),
            ("message_people", "Can write to registered people"),
        ]

    def __str__(self):
        return str(self.event)

    def save(self, *args, **kwargs):
        """Never writes `seq` and `told_schedule` back: a form opened before must not undo what seats.py counted."""
        if self.pk and kwargs.get("update_fields") is None and not kwargs.get("force_insert"):
            own = {"id", "seq", "told_schedule"}
            kwargs["update_fields"] = [f.name for f in self._meta.concrete_fields if f.name not in own]
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.legal_hold and not self.legal_hold_reason:
            raise ValidationError({"legal_hold_reason": _("Say why, so that somebody can end it later.")})

    # When

    @property
    def starts_at(self):
        """The start of the first date that takes place."""
        return min((s.starts_at for s in self.event.all_sessions if not s.is_cancelled), default=None)

    @property
    def closing_at(self):
        return self.closes_at or self.starts_at

    @property
    def promotion_ends_at(self):
        """After it nobody is promoted by itself: it would be too late to come."""
        return self.starts_at and self.starts_at - timedelta(hours=self.promotion_cutoff_hours)

    @property
    def window(self) -> str:
        """ "soon", "open", "closed", or "off" for an event that does not take place as planned."""
        now = timezone.now()
        if self.event.is_cancelled or self.event.is_postponed or self.event.is_past:
            return "off"
        if self.opens_at and now < self.opens_at:
            return "soon"
        if self.closing_at is None or now >= self.closing_at:
            return "closed"
        return "open"

    # How many; `taken` and `waiting` come from with_counts()

    @property
    def free(self) -> int | None:
        """Seats still free, never below 0; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def exceeded_by(self) -> int:
        return 0 if self.capacity is None else max(0, self.taken - self.capacity)

    @property
    def is_full(self) -> bool:
        """Whether somebody who signs up now would have to wait: no seat, or others wait already."""
        return self.capacity is not None and (self.free == 0 or self.waiting > 0)

    @property
    def questions(self) -> dict[str, str]:
        """{"phone": "required", …} of those that are asked."""
        asked = {name: getattr(self, f"asks_{name}") for name in QUESTIONS}
        return {name: value for name, value in asked.items() if value != Asked.NO}


QUESTIONS = ["phone", "institution", "job_title", "town", "remarks"]


class Reminder(models.Model):
    signup = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="reminders")
    hours_before = models.PositiveSmallIntegerField(
        _("hours before the start"), validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )

    class Meta:
        ordering = ["-hours_before"]
        constraints = [
            models.UniqueConstraint(fields=["signup", "hours_before"], name="registration_one_reminder_an_hour")
        ]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")

    def __str__(self):
        return str(self.hours_before)


class InformationClause(models.Model):
    """What art. 13 RODO asks to tell. Never changed: a new wording is a new version, and each person keeps theirs."""

    version = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("valid since"), auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("information clause")
        verbose_name_plural = _("information clauses")

    def __str__(self):
        return _("version %(number)s") % {"number": self.version}

    def save(self, *args, **kwargs):
        if not self.version:
            self.version = 1 + (InformationClause.objects.aggregate(last=models.Max("version"))["last"] or 0)
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "InformationClause | None":
        return cls.objects.first()


# --- People -----------------------------------------------------------------------------------------------------------


class Channel(models.TextChoices):
    WEB = "web", _("the site")
    PHONE = "phone", _("phone")
    IN_PERSON = "in_person", _("in person")
    EMAIL = "email", _("e-mail")
    IMPORT = "import", _("a file")


def normal_email(address: str) -> str:
    return address.strip().casefold()


class RegistrationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status__in=ACTIVE)

    def with_seat(self):
        return self.filter(status__in=TAKES_SEAT)

    def confirmed(self):
        return self.filter(status=RegistrationStatus.CONFIRMED)

    def waiting(self):
        return self.filter(status=RegistrationStatus.WAITING).order_by("queue_no")

    def promotable(self):
        """Those on the waiting list who may get a seat: who confirmed their e-mail, or whom the office entered."""
        return self.waiting().exclude(channel=Channel.WEB, email_verified_at=None, signup__verifies_email=True)

    def of_email(self, address: str):
        return self.filter(email_norm=normal_email(address)).exclude(email_norm="")

    def for_list(self):
        return self.select_related("signup__event").prefetch_related("participants")


class Registration(models.Model):
    """One sign-up of one or two people, with one status. Its queue number, given when it arrives, never changes."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signup = models.ForeignKey(SignUp, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("event"))
    status = models.CharField(_("state"), max_length=10, choices=RegistrationStatus.choices, editable=False)
    queue_no = models.PositiveIntegerField(_("number in the queue"), editable=False)
    seats = models.PositiveSmallIntegerField(_("seats"), default=1, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    email_norm = models.CharField(max_length=254, blank=True, editable=False)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    remarks = models.TextField(_("remarks"), max_length=1000, blank=True, validators=[refuse_pesel])
    language = models.CharField(
        _("language of letters"), max_length=5, default=languages.current, choices=settings.LANGUAGES, editable=False
    )
    channel = models.CharField(_("signed up by"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    idempotency_key = models.UUIDField(null=True, unique=True, editable=False)
    email_verified_at = models.DateTimeField(_("e-mail confirmed"), null=True, editable=False)
    hold_expires_at = models.DateTimeField(null=True, editable=False)
    offer_expires_at = models.DateTimeField(null=True, editable=False)
    status_changed_at = models.DateTimeField(default=timezone.now, editable=False)
    token_version = models.PositiveIntegerField(default=1, editable=False)
    clause = models.ForeignKey(InformationClause, null=True, blank=True, on_delete=models.PROTECT, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("signed up at"), auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    contact_erased_at = models.DateTimeField(null=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["signup", "queue_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["signup", "email_norm"],
                condition=~Q(email_norm="") & Q(status__in=ACTIVE),
                name="registration_one_active_per_email",
            ),
            models.UniqueConstraint(fields=["signup", "queue_no"], name="registration_queue_numbers_differ"),
            models.CheckConstraint(name="registration_has_one_or_two_seats", condition=Q(seats__gte=1, seats__lte=2)),
            models.CheckConstraint(
                name="registration_held_until",
                condition=~Q(status=RegistrationStatus.HELD) | Q(hold_expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_offered_until",
                condition=~Q(status=RegistrationStatus.OFFERED) | Q(offer_expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_erased_means_empty",
                condition=(Q(anonymised_at=None) & Q(contact_erased_at=None))
                | Q(email="", email_norm="", phone="", town="", remarks=""),
            ),
        ]
        indexes = [
            models.Index(fields=["signup", "status"], name="registration_of_signup"),
            # The queue itself, and what `tick` asks every few seconds however many people ever signed up.
            models.Index(fields=["signup", "queue_no"], condition=Q(status="waiting"), name="registration_queue"),
            models.Index(fields=["email_norm"], condition=~Q(email_norm=""), name="registration_by_email"),
            models.Index(fields=["hold_expires_at"], condition=Q(status="held"), name="registration_held"),
            models.Index(fields=["offer_expires_at"], condition=Q(status="offered"), name="registration_offered"),
        ]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")

    def __str__(self):
        return _("registration no. %(number)s") % {"number": self.queue_no}

    def save(self, *args, **kwargs):
        self.email_norm = normal_email(self.email)
        if kwargs.get("update_fields") is not None and "email" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "email_norm"}
        super().save(*args, **kwargs)

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def has_seat(self) -> bool:
        return self.status in TAKES_SEAT

    @cached_property
    def people(self) -> list["Participant"]:
        return list(self.participants.all())

    @property
    def names(self) -> str:
        return ", ".join(filter(None, map(Participant.name.fget, self.people)))

    @property
    def waits_for_email(self) -> bool:
        """Whether a link in an e-mail is still to be followed before this can become a seat for good."""
        return bool(
            self.email_verified_at is None and self.channel == Channel.WEB and self.signup.verifies_email
        ) and self.status in (RegistrationStatus.HELD, RegistrationStatus.WAITING, RegistrationStatus.PENDING)

    def place_in_queue(self) -> int:
        """1 for the next on the waiting list."""
        return 1 + self.signup.registrations.waiting().filter(queue_no__lt=self.queue_no).count()


class Participant(models.Model):
    """One person on one seat; the first is also the one whom the office writes to."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="participants")
    position = models.PositiveSmallIntegerField(default=1)
    first_name = models.CharField(_("first name"), max_length=60, blank=True, validators=[refuse_pesel])
    last_name = models.CharField(_("last name"), max_length=80, blank=True, validators=[refuse_pesel])
    institution = models.CharField(
        pgettext_lazy("of a participant", "institution"), max_length=200, blank=True, validators=[refuse_pesel]
    )
    job_title = models.CharField(_("post"), max_length=120, blank=True, validators=[refuse_pesel])

    class Meta:
        ordering = ["registration", "position"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "position"], name="registration_one_person_a_seat"),
            models.CheckConstraint(name="registration_first_or_second", condition=Q(position__gte=1, position__lte=2)),
        ]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")

    def __str__(self):
        return _("participant %(number)s") % {"number": self.pk}

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return " ".join(f"{part[0]}." for part in (self.first_name, self.last_name) if part)


class Needs(models.Model):
    """May tell of health, so: a table and a permission of its own, and forgotten first."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="needs")
    sign_language = models.BooleanField(_("Polish sign language interpreter"), default=False)
    induction_loop = models.BooleanField(_("induction loop"), default=False)
    wheelchair = models.BooleanField(_("access with a wheelchair"), default=False)
    large_print = models.BooleanField(_("materials in large print"), default=False)
    vegetarian = models.BooleanField(_("vegetarian meal"), default=False)
    child_care = models.BooleanField(_("care of a child during the event"), default=False)
    other = models.CharField(_("other"), max_length=300, blank=True, validators=[refuse_pesel])

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = pgettext_lazy("plural", "needs")

    def __str__(self):
        return _("needs of registration %(number)s") % {"number": self.registration_id}

    CHOICES = ["sign_language", "induction_loop", "wheelchair", "large_print", "vegetarian", "child_care"]

    def in_words(self) -> str:
        labels = [str(self._meta.get_field(name).verbose_name) for name in self.CHOICES if getattr(self, name)]
        return ", ".join([*labels, *filter(None, [self.other])])


class Purpose(models.TextChoices):
    PHOTO = "photo", _("publication of a close-up photo")
    INVITATIONS = "invitations", _("invitations to further events")


class Consent(models.Model):
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    text = models.CharField(_("words agreed to"), max_length=300)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "purpose"], name="registration_one_consent_a_purpose")
        ]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self):
        return str(self.get_purpose_display())


class Actor(models.TextChoices):
    PERSON = "person", _("the person")
    STAFF = "staff", _("the office")
    SYSTEM = "system", _("the portal")


class Reason(models.TextChoices):
    SIGNED_UP = "signed_up", _("signed up")
    EMAIL_CONFIRMED = "email_confirmed", _("confirmed the e-mail")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    PROMOTED = "promoted", _("moved up from the waiting list")
    PROMOTED_OUT_OF_TURN = "out_of_turn", _("moved up before others, by the office")
    OFFERED = "offered", _("was offered a seat")
    ACCEPTED = "accepted", _("accepted the seat")
    RESIGNED = "resigned", _("resigned")
    CANCELLED_BY_OFFICE = "by_office", _("cancelled by the office")
    EVENT_CANCELLED = "event_cancelled", _("the event was cancelled")
    HOLD_ENDED = "hold_ended", _("did not confirm the e-mail in time")
    OFFER_ENDED = "offer_ended", _("did not accept the seat in time")
    EVENT_OVER = "event_over", _("the event is over")
    ERASED = "erased", _("personal data erased on request")


class StatusChange(models.Model):
    """What became of a registration. Codes only: no value that somebody typed is ever copied here."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="history")
    from_status = models.CharField(max_length=10, choices=RegistrationStatus.choices, blank=True)
    to_status = models.CharField(max_length=10, choices=RegistrationStatus.choices)
    reason = models.CharField(max_length=15, choices=Reason.choices)
    actor = models.CharField(max_length=6, choices=Actor.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")

    def __str__(self):
        return f"{self.from_status} → {self.to_status}"


# --- Attendance and certificates --------------------------------------------------------------------------------------


class Presence(models.TextChoices):
    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")
    EXCUSED = "excused", _("excused")


class Attendance(models.Model):
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="attendance")
    session = models.ForeignKey(EventSession, on_delete=models.PROTECT, related_name="attendance")
    state = models.CharField(_("presence"), max_length=7, choices=Presence.choices)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "session"], name="registration_one_presence_a_date")
        ]
        verbose_name = _("presence")
        verbose_name_plural = pgettext_lazy("plural", "presence")

    def __str__(self):
        return str(self.get_state_display())


class CertificateKind(models.TextChoices):
    ATTENDANCE = "attendance", _("certificate of attendance")
    STATUTORY = "statutory", _("certificate of completed training for foster families")


class NumberRegister(models.Model):
    """The last number given out, by kind and year. Only ever raised, so that no number comes twice."""

    kind = models.CharField(max_length=10, choices=CertificateKind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="registration_one_register_a_year")]

    def __str__(self):
        return f"{self.kind} {self.year}: {self.last}"


class Certificate(models.Model):
    """A document that was issued. `content` is what stood in it that day; nothing changes it afterwards."""

    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="certificates", editable=False
    )
    signup = models.ForeignKey(SignUp, on_delete=models.PROTECT, related_name="certificates", editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=CertificateKind.choices, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    code = models.CharField(max_length=32, unique=True, editable=False)
    content = models.JSONField(editable=False)
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    revocation_reason = models.CharField(_("reason of the revocation"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "kind"],
                condition=Q(revoked_at=None),
                name="registration_one_valid_certificate",
            )
        ]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        """Of the public check page."""
        return reverse("events:registration:certificate", args=[self.code])

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None


# --- Who looked, and what was forgotten -------------------------------------------------------------------------------


class Look(models.TextChoices):
    LIST = "list", _("list of people")
    PERSON = "person", _("one registration")
    SEARCH = "search", _("search for a person")
    EXPORT = "export", _("export")
    ATTENDANCE_LIST = "paper", _("attendance list")
    PRESENCE = "presence", _("presence")
    PERSON_EXPORT = "person_export", _("all data of one person")


class PeopleAccess(models.Model):
    """Who opened a list of people, and when (art. 32 RODO). Never what they searched for."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    look = models.CharField(_("what"), max_length=13, choices=Look.choices)
    signup = models.ForeignKey(SignUp, verbose_name=_("event"), null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("look at people's data")
        verbose_name_plural = _("looks at people's data")

    def __str__(self):
        return str(self.get_look_display())


class RetentionPolicy(models.Model):
    """How long each kind of data is kept. The office's data protection officer and archivist decide."""

    unconfirmed_hours = models.PositiveIntegerField(_("sign-up with an unconfirmed e-mail: hours"), default=48)
    inactive_days = models.PositiveIntegerField(
        _("cancelled, expired and waiting people: days after the event"), default=30
    )
    needs_days = models.PositiveIntegerField(_("needs: days after the event"), default=14)
    contact_days = models.PositiveIntegerField(_("e-mail, phone, town and remarks: days after the event"), default=90)
    names_years = models.PositiveIntegerField(
        _("names, presence and certificates: years after the event"),
        null=True,
        blank=True,
        default=10,
        help_text=_("The archival category of the office's file plan. Empty: kept for good."),
    )
    access_days = models.PositiveIntegerField(_("log of looks at people's data: days"), default=730)

    class Meta:
        constraints = [models.CheckConstraint(name="registration_one_policy", condition=Q(pk=1))]
        verbose_name = _("periods of keeping data")
        verbose_name_plural = pgettext_lazy("plural", "periods of keeping data")

    def __str__(self):
        return str(_("periods of keeping data"))

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "RetentionPolicy":
        return cls.objects.first() or cls(pk=1)


class RetentionRun(models.Model):
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    is_dry_run = models.BooleanField(_("only counted"), default=False)
    counts = models.JSONField(_("forgotten"), default=dict)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("run of forgetting")
        verbose_name_plural = _("runs of forgetting")

    def __str__(self):
        return f"{timezone.localtime(self.started_at):%d.%m.%Y %H:%M}"


class Erasure(models.Model):
    """The register of erased people: which registrations, so that a restored backup can erase them again."""

    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    registrations = models.JSONField(_("registrations"), default=list)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self):
        return f"{timezone.localtime(self.at):%d.%m.%Y %H:%M}"
