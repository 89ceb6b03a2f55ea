"""What the search knows of meetings and trainings. Of the place only what everybody may know: `session.place`."""

from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution
from portal.content.richtext import plain_text
from portal.search.sources import Document, refresh_after_commit, register_source

from . import models
from .models import DiscussedTopic, Event, FollowUp, Visibility

# What a session's place is made of, where it takes place in an institution.
PLACE_FIELDS = ["name", "short_name", "address_visibility", "street", "postal_code", "town"]


def event_document(event: Event) -> Document | None:
    if event.visibility != Visibility.PUBLIC:
        return None
    return Document(
        event.title,
        event.get_absolute_url(),
        lead=event.summary,
        body=" · ".join(filter(None, [*_programme(event), *_people(event), *_record(event)])),
        date=event.starts_at,
    )


def _programme(event: Event) -> list[str]:
    places = dict.fromkeys(session.place for session in event.sessions.all())  # several dates in one place: once
    items = (f"{item.title} {item.description} {item.speakers}" for item in event.agenda.all())
    return [event.motto, plain_text(event.description), event.audience, *places, *items]


def _people(event: Event) -> list[str]:
    return [
        *map(str, event.parties.all()),
        *(f"{person.name} {person.role_title} {person.institution_name}" for person in event.representatives.all()),
        *(group.label for group in event.audience_groups.all()),
    ]


def _record(event: Event) -> list[str]:
    report = getattr(event, "report", None)
    if report is None or not report.is_public:
        return []
    return [
        report.headline, report.lead, report.goal, plain_text(report.body), report.topics_intro,
        *map(str, report.topics.all()), report.conclusions, *map(str, report.follow_ups.all()),
    ]  # fmt: skip


def _queryset():
    return Event.objects.select_related("report").prefetch_related(
        "sessions__institution", "agenda", "parties__institution", "representatives", "audience_groups",
        "report__topics", "report__follow_ups",
    )  # fmt: skip


def _own_event(row) -> list[int]:
    return [row.event_id]


def _event_of_report(row: DiscussedTopic | FollowUp) -> list[int]:
    return [row.report.event_id]


def _note_change_of_place(instance: Institution, **kwargs):
    same = Institution.objects.filter(pk=instance.pk, **{field: getattr(instance, field) for field in PLACE_FIELDS})
    instance.is_place_changed = bool(instance.pk) and not same.exists()


def _refresh_hosted_events(instance: Institution, **kwargs):
    """An address that becomes hidden must leave the documents of the events held there."""
    if instance.is_place_changed:
        refresh_after_commit(Event, instance.hosted_sessions.values_list("event", flat=True).distinct().order_by())


def register():
    own = [
        models.EventSession, models.AgendaItem, models.EventParty, models.EventRepresentative, models.AudienceGroup,
        models.MeetingReport,
    ]  # fmt: skip
    register_source(
        Event, event_document, kind="wydarzenia", label=_("Events"), queryset=_queryset,
        made_of={**dict.fromkeys(own, _own_event), DiscussedTopic: _event_of_report, FollowUp: _event_of_report},
    )  # fmt: skip
    pre_save.connect(_note_change_of_place, sender=Institution)
    post_save.connect(_refresh_hosted_events, sender=Institution)
