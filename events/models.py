"""Meetings and trainings: the event, its dates, its programme and the people who represented somebody there.

Names of people and institutions are copied as text where they appear: a record of a meeting must not change when a
director changes jobs. Participants never appear here; sign-up keeps tables of its own.
"""

import uuid
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models import AddressVisibility, FundedProject, Institution, Location
from portal.addresses.models import Addressed
from portal.content import phones
from portal.content.photos import GalleryPhoto, photo_indexes
from portal.content.publishing import Publishable, PublishedQuerySet
from portal.content.richtext import RichTextField
from portal.content.tidied import TidiedField

from .calendar import in_words


class EventSeries(models.Model):
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        ordering = ["title"]
        verbose_name = _("series of events")
        verbose_name_plural = pgettext_lazy("plural", "series of events")

    def __str__(self):
        return self.title


class Kind(models.TextChoices):
    STAFF_MEETING = "staff_meeting", _("staff meeting")
    FORUM = "forum", _("forum")
    CONFERENCE = "conference", _("conference")
    STUDY_VISIT = "study_visit", _("study visit")
    TRAINING = "training", _("training")
    OTHER = "other", _("other event")


class RunState(models.TextChoices):
    PLANNED = "planned", _("as planned")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("for everybody")
    UNLISTED = "unlisted", _("by its address only")
    INTERNAL = "internal", _("staff only")


class EventQuerySet(PublishedQuerySet):
    """Past, current and coming are computed from the last session's end; nothing is stored, so nothing goes stale."""

    def published(self):
        return super().published().filter(visibility=Visibility.PUBLIC)

    def reachable(self):
        return super().reachable().exclude(visibility=Visibility.INTERNAL)

    def with_dates(self):
        return self.annotate(first_start=Min("sessions__starts_at"), last_end=Max("sessions__ends_at"))

    def not_over(self):
        """Current and coming ones."""
        return self.filter(pk__in=_ending(after=timezone.now()))

    def over(self, since=None, until=None):
        """Whose last date has ended by now, and within [since, until)."""
        ended_now = timezone.now() + timedelta(microseconds=1)
        until = ended_now if until is None else min(until, ended_now)
        return self.filter(pk__in=_ending(since, until)).exclude(pk__in=_ending(since=until))

    def upcoming(self):
        """Current and coming ones, the nearest first."""
        return self.not_over().with_dates().order_by("first_start", "pk")

    def past(self, since=None, until=None):
        """Those that are over, the latest first."""
        return self.over(since, until).with_dates().order_by("-last_end", "-pk")

    def for_list(self):
        return self.prefetch_related(
            models.Prefetch("sessions", queryset=EventSession.objects.select_related("institution")),
            models.Prefetch("photos", queryset=EventPhoto.objects.shown()),
        )

    def for_detail(self):
        """All that its page shows. What a next step leads to is None where it is not published itself."""
        return self.select_related("series", "project", "report").prefetch_related(
            *(models.Prefetch(name, queryset=with_institution(model)) for name, model in (
                ("sessions", EventSession), ("parties", EventParty), ("representatives", EventRepresentative),
                ("report__follow_ups", FollowUp),
            )),
            models.Prefetch("report__follow_ups__linked_event", queryset=Event.objects.published()),
            "report__topics", "agenda", "audience_groups",
            models.Prefetch("photos", queryset=EventPhoto.objects.shown()),
        )  # fmt: skip


def _ending(since=None, until=None, after=None):
    """The events of dates that end within [since, until), or after a moment: asked of the dates, which have an index.

    To compute the first and last date of every event there ever was would take longer each year.
    """
    bounds = {"ends_at__gte": since, "ends_at__lt": until, "ends_at__gt": after}
    found = EventSession.objects.filter(**{name: moment for name, moment in bounds.items() if moment is not None})
    return found.order_by().values("event")


def with_institution(model):
    """Rows with their institution as far as a line about it needs: its name, place and whether it has a page."""
    return model.objects.select_related("institution__type").defer("institution__description")


class Event(Addressed, Publishable):
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.STAFF_MEETING)
    title = models.CharField(_("title"), max_length=250)
    motto = models.CharField(_("motto"), max_length=250, blank=True)
    summary = models.TextField(_("in short"), max_length=500, blank=True)
    description = RichTextField(_("description"), blank=True)
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    run_state = models.CharField(_("takes place"), max_length=10, choices=RunState.choices, default=RunState.PLANNED)
    visibility = models.CharField(_("visible"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    series = models.ForeignKey(
        EventSeries, verbose_name=_("series"), null=True, blank=True, on_delete=models.SET_NULL, related_name="events"
    )
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_phone = TidiedField(_("contact phone"), max_length=30, blank=True, tidy=phones.tidy)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    project = models.ForeignKey(
        FundedProject,
        verbose_name=_("funded project"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="events",
    )
    funding_note = models.CharField(_("note on the funding"), max_length=300, blank=True)
    ical_sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-publish_at"]
        indexes = [models.Index(fields=["status", "publish_at"], name="events_visible")]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [("publish_event", "Can publish event")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        before = Event._base_manager.filter(pk=self.pk).values("run_state", "ical_sequence").first()
        if before:
            # Sessions raise the number in the database: an event loaded before must not write the old one back.
            self.ical_sequence = before["ical_sequence"] + (before["run_state"] != self.run_state)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "ical_sequence"}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("events:detail", args=[self.slug])

    @cached_property
    def all_sessions(self) -> list["EventSession"]:
        return list(self.sessions.all())

    @property
    def starts_at(self):
        return min((s.starts_at for s in self.all_sessions), default=None)

    @property
    def ends_at(self):
        return max((s.ends_at for s in self.all_sessions), default=None)

    @property
    def first_day(self):
        return min((s.first_day for s in self.all_sessions), default=None)

    @property
    def last_day(self):
        return max((s.last_day for s in self.all_sessions), default=None)

    @property
    def next_session(self):
        now = timezone.now()
        return next((s for s in self.all_sessions if s.ends_at > now and not s.is_cancelled), None)

    @property
    def main_place(self) -> Institution | None:
        """The institution in which its next date is, or was the first."""
        session = self.next_session or next(iter(self.all_sessions), None)
        return session.institution if session else None

    @property
    def is_past(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now()

    @property
    def is_current(self) -> bool:
        return bool(self.all_sessions) and self.starts_at <= timezone.now() < self.ends_at

    @property
    def is_cancelled(self) -> bool:
        return self.run_state == RunState.CANCELLED

    @property
    def has_page(self) -> bool:
        """Whether `published()` would find it, so that it may be linked to."""
        return self.is_published and self.visibility == Visibility.PUBLIC

    @property
    def is_postponed(self) -> bool:
        return self.run_state == RunState.POSTPONED

    @property
    def cover(self):
        return next(iter(self.photos.all()), None)

    @property
    def didactic_hours(self):
        return sum(s.didactic_hours or 0 for s in self.all_sessions)

    def parties_by_role(self) -> list[tuple[str, list["EventParty"]]]:
        """The parties of the event under their role's label, in the order of `Role`."""
        parties = list(self.parties.all())
        return [(label, found) for role, label in Role.choices if (found := [p for p in parties if p.role == role])]

    def representatives_by_person(self) -> list[tuple["EventRepresentative", list[str]]]:
        """Each person once, with all that they did: who opened the meeting mostly also led it."""
        people = {}
        for row in self.representatives.all():
            _person, acts = people.setdefault((row.name, row.role_title, row.institution_name), (row, []))
            acts.append(row.get_act_display())
        return list(people.values())


class SessionMode(models.TextChoices):
    ONSITE = "onsite", _("on site")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("on site and online")


class SessionStatus(models.TextChoices):
    PLANNED = "planned", _("as planned")
    CANCELLED = "cancelled", pgettext_lazy("date of an event", "cancelled")


class EventSessionQuerySet(models.QuerySet):
    def in_calendar(self):
        """The dates of published events; of translated ones only the Polish row, else each would stand there twice."""
        events = Event.objects.published().for_readers().order_by()
        return self.filter(models.Exists(events.filter(pk=models.OuterRef("event"))))

    def current(self):
        """Running and coming ones."""
        return self.filter(ends_at__gt=timezone.now())

    def between(self, starts_at, ends_at):
        """Those that take place, at least for a while, between two moments; either may be None."""
        found = self if starts_at is None else self.filter(ends_at__gt=starts_at)
        return found if ends_at is None else found.filter(starts_at__lt=ends_at)

    def publicly_placed(self):
        """Without those in an institution whose address is hidden: where it is must not be told by what it hosts."""
        return self.exclude(institution__address_visibility=AddressVisibility.HIDDEN)

    def events(self):
        return Event.objects.filter(pk__in=self.values("event"))

    def for_list(self):
        events = models.Prefetch("event", queryset=Event.objects.defer("description"))
        sessions = self.select_related("institution").prefetch_related(events, "event__sessions")
        return sessions.order_by("starts_at", "pk")


# A change of one of these makes calendars take the new version of an entry.
CALENDAR_FIELDS = ["starts_at", "ends_at", "is_all_day", "mode", "institution_id", "venue", "room", "address", "status"]


class EventSession(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    is_all_day = models.BooleanField(_("all day"), default=False)
    mode = models.CharField(_("form"), max_length=10, choices=SessionMode.choices, default=SessionMode.ONSITE)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("in the institution"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hosted_sessions",
    )
    venue = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("Where it is not one of the institutions.")
    )
    room = models.CharField(_("room"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    online_url = models.URLField(
        _("link to the meeting"), blank=True, help_text=_("Never shown in public; for confirmed people only.")
    )
    didactic_hours = models.DecimalField(
        _("hours counted"), max_digits=5, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    status = models.CharField(_("state"), max_length=10, choices=SessionStatus.choices, default=SessionStatus.PLANNED)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EventSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="events_session_by_start"),
            models.Index(fields=["ends_at"], name="events_session_by_end"),
            models.Index(fields=["event", "starts_at"], name="events_session_of_event"),
        ]
        constraints = [
            models.CheckConstraint(
                name="events_session_ends_after_start", condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end must come after the start."),
            )
        ]  # fmt: skip
        verbose_name = _("date")
        verbose_name_plural = _("dates")

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H:%M}"

    def save(self, *args, **kwargs):
        before = EventSession._base_manager.filter(pk=self.pk).values(*CALENDAR_FIELDS).first()
        super().save(*args, **kwargs)
        if before and any(getattr(self, name) != value for name, value in before.items()):
            Event.objects.filter(pk=self.event_id).update(ical_sequence=F("ical_sequence") + 1)

    @property
    def is_cancelled(self) -> bool:
        return self.status == SessionStatus.CANCELLED

    @property
    def is_past(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def is_running(self) -> bool:
        return self.starts_at <= timezone.now() < self.ends_at

    @property
    def number(self) -> int:
        """Which of the event's dates this is, from 1."""
        return 1 + [session.pk for session in self.event.all_sessions].index(self.pk)

    @property
    def first_day(self):
        return timezone.localdate(self.starts_at)

    @property
    def last_day(self):
        """The last day on which it takes place; one that ends at midnight ends on the day before."""
        return timezone.localdate(self.ends_at - timedelta(microseconds=1))

    @property
    def location(self) -> Location:
        """Where it is, as far as everybody may know: an institution's hidden address stays hidden here."""
        if self.institution:
            return self.institution.location
        return Location(street=self.address)

    @property
    def place_name(self) -> str:
        """The place in words; for an institution with a hidden address neither it nor the room."""
        if self.institution and self.institution.is_place_secret:
            return str(_("The place is given to participants only"))
        name = str(self.institution) if self.institution else self.venue
        return ", ".join(filter(None, [name, self.room]))

    @property
    def place(self) -> str:
        """Name and address in one line, for calendars and lists."""
        return ", ".join(filter(None, [self.place_name, str(self.location)]))


class AgendaKind(models.TextChoices):
    TOPIC = "topic", _("topic")
    OPENING = "opening", _("opening")
    PANEL = "panel", _("panel")
    BREAK = "break", _("break")
    SITE_VISIT = "site_visit", _("visit")


class AgendaItem(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="agenda")
    session = models.ForeignKey(
        EventSession, verbose_name=_("date"), null=True, blank=True, on_delete=models.CASCADE, related_name="agenda"
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    starts_at = models.TimeField(_("hour"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=AgendaKind.choices, default=AgendaKind.TOPIC)
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    speakers = models.TextField(
        _("speakers"),
        blank=True,
        help_text=_(
            "One person a line: name – role, institution. For example: Ewa Modrzycka – dyrektor, PCPR w Jarzębinie"
        ),
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("item of the programme")
        verbose_name_plural = _("programme")

    def __str__(self):
        return self.title

    @property
    def ends_at(self) -> time | None:
        if self.starts_at is None or self.minutes is None:
            return None
        return (datetime.combine(date.min, self.starts_at) + timedelta(minutes=self.minutes)).time()

    @property
    def speaker_list(self) -> list[dict[str, str]]:
        """[{"name": …, "role": …}] from the lines of `speakers`."""
        lines = [line.strip() for line in self.speakers.splitlines() if line.strip()]
        pairs = [line.replace(" - ", " – ").partition(" – ") for line in lines]
        return [{"name": name.strip(), "role": role.strip()} for name, _dash, role in pairs]


class Role(models.TextChoices):
    ORGANIZER = "organizer", _("organiser")
    CO_ORGANIZER = "co_organizer", _("co-organiser")
    HOST = "host", _("host of the place")
    HONORARY_PATRON = "honorary_patron", _("honorary patron")
    PARTNER = "partner", _("partner")
    FUNDER = "funder", _("funder")
    GUEST_SIDE = "guest_side", _("delegation")
    VISITED = "visited", _("visited institution")


class EventPartyQuerySet(models.QuerySet):
    def organising(self):
        return self.filter(role__in=[Role.ORGANIZER, Role.CO_ORGANIZER, Role.HOST])

    def events(self):
        return Event.objects.filter(pk__in=self.values("event"))


class EventParty(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.ORGANIZER)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="event_parties",
    )
    name = models.CharField(
        _("name"),
        max_length=200,
        blank=True,
        help_text=_("As it is to stand in the record; empty: the institution's name."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = EventPartyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="events_party_is_named", condition=~Q(name="") | Q(institution__isnull=False),
                violation_error_message=_("Choose an institution or write a name."),
            )
        ]  # fmt: skip
        verbose_name = _("party")
        verbose_name_plural = _("organisers and partners")

    def __str__(self):
        return self.name or str(self.institution)

    def save(self, *args, **kwargs):
        if not self.name and self.institution:
            self.name = self.institution.name
        super().save(*args, **kwargs)


class Act(models.TextChoices):
    OPENED = "opened", _("opened the meeting")
    LED = "led", _("led the meeting")
    MODERATED = "moderated", _("moderated")
    SPOKE = "spoke", _("spoke")
    ATTENDED = "attended", _("attended")
    CLOSED = "closed", _("closed the meeting")


class Side(models.TextChoices):
    HOST = "host", _("host")
    GUEST = "guest", _("guest")


class EventRepresentative(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="representatives")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    role_title = models.CharField(_("post"), max_length=200, blank=True)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="representatives",
    )
    institution_name = models.CharField(
        _("name of the institution"), max_length=200, blank=True, help_text=_("Empty: the chosen institution's name.")
    )
    act = models.CharField(_("part"), max_length=10, choices=Act.choices, default=Act.ATTENDED)
    side = models.CharField(_("side"), max_length=5, choices=Side.choices, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.institution_name and self.institution:
            self.institution_name = self.institution.name
        super().save(*args, **kwargs)


class AudienceGroup(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="audience_groups")
    label = models.CharField(_("group"), max_length=150)
    count = models.PositiveIntegerField(_("number of people"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("group of participants")
        verbose_name_plural = _("groups of participants")

    def __str__(self):
        return self.label


class EventPhoto(GalleryPhoto):
    owner_field = "event"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="photos")

    class Meta(GalleryPhoto.Meta):
        indexes = photo_indexes("event")


class MeetingReport(models.Model):
    """What happened: kept by the clerk after the event, shown on its page, and the source of a draft article."""

    event = models.OneToOneField(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="report")
    is_public = models.BooleanField(_("shown on the page of the event"), default=True)
    headline = models.CharField(
        _("headline"), max_length=250, blank=True, help_text=_("Of the article to be made; empty: the event's title.")
    )
    lead = models.TextField(_("lead"), blank=True)
    goal = models.TextField(_("goal of the meeting"), blank=True)
    body = RichTextField(_("course of the meeting"), blank=True)
    topics_intro = models.CharField(_("sentence before the topics"), max_length=300, blank=True)
    conclusions = models.TextField(_("conclusions"), blank=True)
    headcount = models.PositiveIntegerField(_("number of people"), null=True, blank=True)
    text_credit = models.CharField(_("text by"), max_length=120, blank=True)
    photo_credit = models.CharField(_("photos by"), max_length=120, blank=True)
    source_url = models.URLField(_("source"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("meeting record")
        verbose_name_plural = _("meeting records")

    def __str__(self):
        return self.headline or self.event.title


class DiscussedTopic(models.Model):
    report = models.ForeignKey(MeetingReport, on_delete=models.CASCADE, related_name="topics")
    text = models.CharField(_("topic"), max_length=300)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("topic discussed")
        verbose_name_plural = _("topics discussed")

    def __str__(self):
        return self.text


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


class FollowUpStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class FollowUp(models.Model):
    report = models.ForeignKey(MeetingReport, on_delete=models.CASCADE, related_name="follow_ups")
    description = models.CharField(_("what is planned"), max_length=300)
    planned_on = models.DateField(_("when"), null=True, blank=True)
    precision = models.CharField(_("exact to the"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("responsible"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
    )
    linked_event = models.ForeignKey(
        Event,
        verbose_name=_("event in the calendar"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="announced_by",
    )
    status = models.CharField(_("state"), max_length=8, choices=FollowUpStatus.choices, default=FollowUpStatus.PLANNED)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("planned next step")
        verbose_name_plural = _("planned next steps")

    def __str__(self):
        return self.description

    @property
    def planned_when(self) -> str:
        """ "5 marca 2027", "w marcu 2027", "w I kwartale 2027": as exact as the plan is. Empty without a date."""
        return in_words(self.planned_on, self.precision) if self.planned_on else ""

    def clean(self):
        super().clean()
        if self.linked_event_id and self.linked_event_id == self.report.event_id:
            raise ValidationError({"linked_event": _("A next step cannot be the meeting itself.")})
