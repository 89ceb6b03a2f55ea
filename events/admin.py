from datetime import timedelta

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from institutions.memberships import BoundAdmin
from portal.content.admin import Rows, is_key
from portal.content.board import LineFilter, register_board_line
from portal.content.object_tools import ObjectTool, register_object_tool
from portal.content.uploads import (
    PHOTOS_FIELDSET,
    PhotoFilter,
    PhotoRows,
    PhotosForm,
    PhotoUploads,
    register_photo_lines,
)
from portal.content.writing.forms import WrittenForm
from portal.counters.admin import VIEWS_FIELDSET, CountedForm, CountsViews
from portal.editing.filters import register_publishing_lines
from portal.editing.publishable_admin import (
    ADDRESS_FIELDSET,
    PUBLICATION_FIELDSET,
    TRANSLATION_FIELDSET,
    PublishableAdmin,
)
from portal.editing.workplace_admin import WorkplaceAdmin

from .copying_admin import copy_of_event, copy_view
from .models import (
    AgendaItem,
    AgendaKind,
    AudienceGroup,
    DiscussedTopic,
    Event,
    EventParty,
    EventPhoto,
    EventRepresentative,
    EventSeries,
    EventSession,
    FollowUp,
    MeetingReport,
)
from .recurrence_admin import dates_by_rule, recurrence_view
from .session_forms import SessionForm


class SessionRows(Rows):
    model = EventSession
    form = SessionForm
    classes = []
    autocomplete_fields = ["institution"]
    fields = [
        ("starts_at", "ends_at"),
        ("institution", "venue", "room", "address"),
        ("mode", "online_url", "didactic_hours", "status", "is_all_day"),
    ]


class AgendaRows(Rows):
    model = AgendaItem
    fields = [("kind", "title", "session", "position"), ("starts_at", "minutes", "speakers", "description")]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("speakers", "description"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """The dates of this event only, asked for once and not once a row."""
        sessions = EventSession.objects.filter(event=request.resolver_match.kwargs.get("object_id"))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs | {"queryset": sessions})
        field.choices = [("", field.empty_label), *((session.pk, str(session)) for session in sessions)]
        return field


class PartyRows(Rows):
    model = EventParty
    autocomplete_fields = ["institution"]
    fields = [("role", "institution", "name", "position")]


class RepresentativeRows(Rows):
    model = EventRepresentative
    autocomplete_fields = ["institution"]
    fields = [("name", "role_title", "act", "side"), ("institution", "institution_name", "position")]


class GroupRows(Rows):
    model = AudienceGroup
    fields = [("label", "count", "position")]


class EventPhotoRows(PhotoRows):
    model = EventPhoto


class TakesPlaceFilter(LineFilter):
    title = _("date")
    parameter_name = "takes_place"

    def lookups(self, request, model_admin):
        return [
            ("upcoming", _("current and coming")),
            ("past", _("past")),
            ("unrecorded", _("of the last month, without a meeting record")),
        ]

    @staticmethod
    def select(queryset, value):
        month_ago = timezone.now() - timedelta(days=30)
        chosen = {
            "upcoming": lambda: queryset.not_over(),
            "past": lambda: queryset.over(),
            "unrecorded": lambda: queryset.over(since=month_ago).filter(report__isnull=True),
        }
        return chosen[value]() if value in chosen else queryset


# As a subquery, because Django also orders by it where nothing is annotated (a choice of events in another form).
FIRST_START = Subquery(EventSession.objects.filter(event=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1])


class EventForm(CountedForm, PhotosForm):
    pass


@admin.register(Event)
class EventAdmin(BoundAdmin, PhotoUploads, CountsViews, PublishableAdmin):
    form = EventForm
    list_display = ["thumbnail", "title", "kind", "begins", "publication", "run_state", "view_count"]
    list_filter = [TakesPlaceFilter, *PublishableAdmin.list_filter, "kind", "run_state", "visibility", PhotoFilter]
    search_fields = ["title", "summary"]
    ordering = [FIRST_START.desc(nulls_first=True), "-pk"]
    autocomplete_fields = [*PublishableAdmin.autocomplete_fields, "series", "project"]
    inlines = [SessionRows, AgendaRows, PartyRows, RepresentativeRows, GroupRows, EventPhotoRows]
    fieldsets = [
        (
            None,
            {"fields": [("kind", "run_state", "visibility"), "title", "motto", "summary", "description", "audience"]},
        ),
        (_("Contact"), {"fields": [("contact_name", "contact_phone", "contact_email")]}),
        (_("Series and funding"), {"fields": [("series", "project"), "funding_note"], "classes": ["collapse"]}),
        PHOTOS_FIELDSET,
        PUBLICATION_FIELDSET,
        ADDRESS_FIELDSET,
        TRANSLATION_FIELDSET,
        VIEWS_FIELDSET,
    ]

    def get_urls(self):
        checked = self.admin_site.admin_view
        own = [
            path("<int:event_id>/dates/", checked(recurrence_view), name="events_event_recurrence"),
            path("<int:event_id>/copy/", checked(copy_view), name="events_event_copy"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=_("begins"), ordering=FIRST_START)
    def begins(self, event):
        return date_format(timezone.localtime(event.starts_at), "d.m.Y H:i") if event.starts_at else "–"


class TopicRows(Rows):
    model = DiscussedTopic
    classes = []
    fields = [("text", "position")]

    def get_extra(self, request, obj=None, **kwargs):
        return self.extra + len(agenda_topics(request))


class FollowUpRows(Rows):
    model = FollowUp
    classes = []
    autocomplete_fields = ["institution", "linked_event"]
    fields = [("description", "position"), ("planned_on", "precision", "status"), ("institution", "linked_event")]


@admin.register(MeetingReport)
class MeetingReportAdmin(BoundAdmin, WorkplaceAdmin):
    list_display = ["title", "event_begins", "is_public", "headcount"]
    list_filter = ["is_public"]
    search_fields = ["headline", "event__title"]
    ordering = ["-created_at"]
    autocomplete_fields = ["event"]
    inlines = [TopicRows, FollowUpRows]
    fieldsets = [
        (None, {"fields": ["event", "headline", "lead", "goal", "headcount"]}),
        (_("Course of the meeting"), {"fields": ["body", "topics_intro"]}),
        (
            _("End of the record"),
            {
                "fields": ["conclusions", ("text_credit", "photo_credit"), "source_url", "is_public"],
                "classes": ["at-end"],
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event").prefetch_related("event__sessions")

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, TopicRows) and request.method == "GET" and not obj.pk:
            # Only when the form is opened: what comes back unchanged would else count as not filled in.
            kwargs["initial"] = [{"text": title} for title in agenda_topics(request)]
        return kwargs

    @admin.display(description=_("meeting record"))
    def title(self, report):
        return str(report)

    @admin.display(description=_("date of the meeting"))
    def event_begins(self, report):
        return date_format(timezone.localtime(report.event.starts_at), "d.m.Y") if report.event.starts_at else "–"

    def get_object_tools(self, request, obj):
        event = ObjectTool(_("The event"), reverse("admin:events_event_change", args=[obj.event_id]))
        return [event, *super().get_object_tools(request, obj)]


def agenda_topics(request) -> list[str]:
    """The titles on the programme of the event that `?event=` names, as topics to begin with."""
    event = request.GET.get("event")
    if not is_key(event):
        return []
    items = AgendaItem.objects.filter(event=event, kind__in=[AgendaKind.TOPIC, AgendaKind.PANEL])
    return list(items.values_list("title", flat=True))


@admin.register(EventSeries)
class EventSeriesAdmin(admin.ModelAdmin):
    form = WrittenForm
    list_display = ["title", "slug"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}


register_publishing_lines(Event)
register_board_line(_("Meetings without a record"), Event, TakesPlaceFilter, "unrecorded")
register_photo_lines(Event)


def record_of_event(request, event: Event) -> ObjectTool | None:
    """Opens the record of a meeting that is over, or a new one filled in from its programme."""
    report = MeetingReport.objects.filter(event=event).first()
    if report:
        return ObjectTool(_("Meeting record"), reverse("admin:events_meetingreport_change", args=[report.pk]))
    if event.is_past and request.user.has_perm("events.add_meetingreport"):
        return ObjectTool(_("Meeting record"), f"{reverse('admin:events_meetingreport_add')}?event={event.pk}")
    return None


register_object_tool(Event, record_of_event)
register_object_tool(Event, dates_by_rule)
register_object_tool(Event, copy_of_event)
