"""The rules of a sign-up as a form. People have no form here: every change of a seat goes through the desk (desk/)."""

from django.contrib import admin, messages
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events.models import Event, EventSession
from institutions.memberships import BoundAdmin
from portal.content.admin import EditingAdmin, Rows
from portal.content.board import LineFilter, register_board_line
from portal.content.object_tools import ObjectTool, register_object_tool
from portal.content.writing.forms import WrittenForm

from . import certificate_admin, retention_admin, seats  # noqa: F401  their classes register themselves
from .desk.people import log_capacity
from .desk.urls import urlpatterns as desk_urls
from .models import InformationClause, RegistrationStatus, Reminder, SignUp
from .words import state_of

USUAL_REMINDER = 48  # hours before the start


def is_accepting() -> Q:
    """Open by its own times; without an end it closes when the first date begins."""
    now = timezone.now()
    begun = EventSession.objects.filter(event=OuterRef("event"), starts_at__lte=now)
    has_opened = Q(opens_at__isnull=True) | Q(opens_at__lte=now)
    return has_opened & (Q(closes_at__gt=now) | (Q(closes_at__isnull=True) & ~Exists(begun)))


class AttentionFilter(LineFilter):
    title = _("what is to be done")
    parameter_name = "attention"

    def lookups(self, request, model_admin):
        return [
            ("call", _("somebody waits beside a free place")),
            ("decide", _("registrations to decide on")),
            ("exceeded", _("more people than places")),
            ("accepting", _("people can sign up now")),
            ("open", _("to come or running")),
        ]

    @staticmethod
    def select(queryset, value):
        if value is None:
            return queryset
        conditions = {
            "call": Q(waiting__gt=0) & (Q(capacity=None) | Q(taken__lt=F("capacity"))),
            "decide": Q(registrations__status=RegistrationStatus.PENDING),
            "exceeded": Q(taken__gt=F("capacity")),
            "accepting": Q(event__in=Event.objects.published()) & is_accepting(),
        }
        return queryset.not_over().filter(conditions.get(value, Q())).distinct()


class ReminderRows(Rows):
    model = Reminder
    classes = []


@admin.register(SignUp)
class SignUpAdmin(BoundAdmin, EditingAdmin):
    list_display = ["desk_link", "begins", "state", "people", "waiting_people"]
    list_display_links = None
    list_filter = [AttentionFilter, "mode"]
    search_fields = ["event__title"]
    autocomplete_fields = ["event"]
    inlines = [ReminderRows]
    fieldsets = [
        (None, {"fields": ["event", "mode", "external_url", ("opens_at", "closes_at"), ("capacity", "max_seats")]}),
        (
            _("Waiting list"),
            {"fields": [("has_waiting_list", "promotion_mode"), ("promotion_cutoff_hours", "offer_hours")]},
        ),
        (_("Certainty"), {"fields": [("verifies_email", "hold_minutes"), "needs_approval"]}),
        (
            _("What the form asks"),
            {
                "fields": [
                    ("asks_phone", "asks_town"),
                    ("asks_institution", "asks_job_title"),
                    ("asks_remarks", "asks_needs"),
                    ("asks_photo_consent", "asks_invitation_consent"),
                    "note",
                ]
            },
        ),
        (_("Certificates"), {"fields": ["min_hours_for_certificate", "certificate_title", "programme_decision"]}),
        (_("Keeping data"), {"fields": ["legal_hold", "legal_hold_reason"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts().select_related("event").prefetch_related("event__sessions")

    def get_urls(self):
        return [*desk_urls, *super().get_urls()]

    def get_readonly_fields(self, request, obj=None):
        return ["event"] if obj else []

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.registrations.exists())

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, ReminderRows) and request.method == "GET" and not obj.pk:
            # Only when the form is opened: what comes back unchanged would else count as not filled in.
            kwargs["initial"] = [{"hours_before": USUAL_REMINDER}]
        return kwargs

    @admin.display(description=_("event"), ordering="event__title")
    def desk_link(self, signup):
        address = reverse("admin:registration_desk_list", args=[signup.pk])
        return format_html('<a href="{}">{}</a>', address, signup.event)

    @admin.display(description=_("begins"))
    def begins(self, signup):
        return str(signup.event.all_sessions[0]) if signup.event.all_sessions else "–"

    @admin.display(description=_("sign-up"))
    def state(self, signup):
        return state_of(signup).text

    @admin.display(description=_("places taken"))
    def people(self, signup):
        return str(signup.taken) if signup.capacity is None else f"{signup.taken} / {signup.capacity}"

    @admin.display(description=_("waiting list"))
    def waiting_people(self, signup):
        return signup.waiting

    def save_model(self, request, obj, form, change):
        """The number of places changes as at the desk, under the lock; other rules may let somebody move up too."""
        wanted = obj.capacity
        if change:
            obj.capacity = form.initial["capacity"]
        super().save_model(request, obj, form, change)
        try:
            if change and wanted != form.initial["capacity"]:
                log_capacity(request, seats.set_capacity(obj.pk, wanted), before=form.initial["capacity"])
            elif change:
                seats.settle(obj.pk)
        except seats.Busy:
            self.message_user(
                request, _("Very many people use the sign-up just now: set the number of places again."), messages.ERROR
            )

    def get_object_tools(self, request, obj):
        event = ObjectTool(_("The event"), reverse("admin:events_event_change", args=[obj.event_id]))
        tools = [desk_of(request, obj), event, *super().get_object_tools(request, obj)]
        return [tool for tool in tools if tool]


def desk_of(request, signup: SignUp) -> ObjectTool | None:
    if not request.user.has_perm("registration.work_at_desk"):
        return None
    return ObjectTool(_("People who signed up"), reverse("admin:registration_desk_list", args=[signup.pk]))


def signup_of_event(request, event: Event) -> ObjectTool | None:
    """Opens the desk, or the form that begins a sign-up."""
    signup = SignUp.objects.filter(event=event).first()
    if signup:
        return desk_of(request, signup)
    if request.user.has_perm("registration.add_signup"):
        return ObjectTool(_("Begin a sign-up"), f"{reverse('admin:registration_signup_add')}?event={event.pk}")
    return None


@admin.register(InformationClause)
class InformationClauseAdmin(admin.ModelAdmin):
    """A new wording is a new version; an old one stays as people have read it."""

    form = WrittenForm
    list_display = ["version", "created_at"]
    fields = ["text"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


register_object_tool(Event, signup_of_event)
register_board_line(_("Free places: phone the next person"), SignUp, AttentionFilter, "call")
register_board_line(_("Registrations to decide on"), SignUp, AttentionFilter, "decide")
register_board_line(_("More people than places"), SignUp, AttentionFilter, "exceeded")
register_board_line(_("Sign-up is open"), SignUp, AttentionFilter, "accepting")
