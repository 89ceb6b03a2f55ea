from django.contrib import admin
from django.db.models import Subquery
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.memberships import BoundAdmin
from institutions.models import Office
from portal.content.admin_forms import EditingForm
from portal.content.board import LineFilter, register_board_line
from portal.content.object_tools import ObjectTool
from portal.editing import audit
from portal.editing.buttons import GO_ON, Button
from portal.editing.models import Act
from portal.editing.workplace_admin import WorkplaceAdmin

from . import page_admin, requests_admin  # noqa: F401  their classes register themselves
from .models import PAGE, Statement
from .rules import review_is_due

REMINDED_DAYS = 30  # before 31 March
OF_ONE_VERSION = {"id", "published_at", "created_at", "updated_at"}


class StatementForm(EditingForm):
    is_publishing = False

    def _post_clean(self):
        """Here and not in clean(): what stands in the way is asked of the whole version, as it would be published."""
        super()._post_clean()
        if self.is_publishing and not self.errors:
            for name, words in self.instance.obstacles().items():
                self.add_error(name if name in self.fields else None, words)


class StateFilter(LineFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("draft", _("drafts")), ("due", _("yearly review due"))]

    @classmethod
    def select(cls, queryset, value):
        if value == "draft":
            return queryset.filter(published_at=None)
        if value == "due":
            current = Statement.objects.current()
            is_due = current and review_is_due(current.last_look_on, timezone.localdate(), ahead=REMINDED_DAYS)
            return queryset.filter(pk=current.pk) if is_due else queryset.none()
        return queryset


@admin.register(Statement)
class StatementAdmin(BoundAdmin, WorkplaceAdmin):
    """Every published version stays as it was; a new one begins as a copy of the latest."""

    form = StatementForm
    list_display = ["version", "in_force", "compliance", "prepared_on", "reviewed_on", "page"]
    list_display_links = ["version"]
    list_filter = [StateFilter]
    search_fields = ["body_name"]
    ordering = ["-created_at"]
    fieldsets = [
        (None, {"fields": ["body_name", ("site_published_on", "site_updated_on"), "compliance"]}),
        (_("What is not accessible"), {"fields": ["nonconformities", "exemptions"]}),
        (_("Excessive costs"), {"fields": ["burden", "burden_assessment_url"], "classes": ["collapse"]}),
        (
            _("How the statement was made"),
            {"fields": [("prepared_on", "reviewed_on"), ("basis", "basis_by"), "basis_url"]},
        ),
        (_("Conveniences"), {"fields": ["conveniences", "shortcuts"]}),
        (
            _("Contact and complaints"),
            {"fields": ["contact_name", ("contact_email", "contact_phone"), "complaint_address"]},
        ),
        (_("Building"), {"fields": ["building", "building_url"]}),
        (_("Communication"), {"fields": ["has_online_interpreter", "interpreter_url", "communication"]}),
        (_("Mobile applications"), {"fields": ["apps"], "classes": ["collapse"]}),
    ]

    # The list

    def get_queryset(self, request):
        current = Statement.objects.published().values("pk")[:1]
        return super().get_queryset(request).annotate(current=Subquery(current))

    @admin.display(description=_("version"), ordering="created_at")
    def version(self, statement):
        return str(statement)

    @admin.display(description=_("in force"))
    def in_force(self, statement):
        if not statement.published_at:
            code, words = "draft", gettext("draft")
        elif statement.pk == statement.current:
            code, words = "published", gettext("in force since %(day)s") % {"day": _day(statement)}
        else:
            code, words = "archived", gettext("replaced; from %(day)s") % {"day": _day(statement)}
        return format_html('<span class="state state-{}">{}</span>', code, words)

    @admin.display(description=_("page"))
    def page(self, statement):
        return format_html('<a href="{}">{}</a>', address_of(statement), gettext("see it"))

    # Who may do what

    def has_publish_permission(self, request) -> bool:
        return request.user.has_perm("accessibility.publish_statement")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.published_at)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    # The form

    def get_changeform_initial_data(self, request):
        latest = Statement.objects.order_by("-created_at").first()
        return (_copy_of(latest) if latest else _of_office()) | super().get_changeform_initial_data(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.is_publishing = "_publish" in request.POST and self.has_publish_permission(request)
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if not (obj and obj.published_at):
            context["buttons"] = [Button("_save", _("Save draft")), GO_ON]
            if self.has_publish_permission(request):
                context["buttons"].append(Button("_publish", _("Publish"), is_main=True))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_object_tools(self, request, obj):
        own = [ObjectTool(gettext("See the page of this version"), address_of(obj), is_new_window=True)]
        if obj.published_at and self.has_add_permission(request):
            own.append(ObjectTool(gettext("Make a new version of it"), reverse("admin:accessibility_statement_add")))
        return [*own, *super().get_object_tools(request, obj)]

    def save_model(self, request, obj, form, change):
        if form.is_publishing:
            obj.published_at = timezone.now()
        super().save_model(request, obj, form, change)
        if form.is_publishing:
            audit.record(request.user, Act.PUBLISHED, obj)

    def response_add(self, request, obj, post_url_continue=None):
        answer = super().response_add(request, obj, post_url_continue)
        return redirect(address_of(obj)) if obj.published_at else answer

    def response_change(self, request, obj):
        answer = super().response_change(request, obj)
        return redirect(address_of(obj)) if obj.published_at else answer


def address_of(statement: Statement) -> str:
    return f"{PAGE}?wersja={statement.pk}"


def _day(statement: Statement) -> str:
    return date_format(timezone.localdate(statement.published_at))


def _copy_of(statement: Statement) -> dict:
    """A new version is made because the last one was looked through: that day is today."""
    fields = [field.name for field in Statement._meta.concrete_fields if field.name not in OF_ONE_VERSION]
    return {name: getattr(statement, name) for name in fields} | {"reviewed_on": timezone.localdate()}


def _of_office() -> dict:
    office = Office.current()
    return {
        "body_name": office.name,
        "contact_name": office.coordinator_name,
        "contact_email": office.coordinator_email or office.email,
        "contact_phone": office.coordinator_phone or (office.main_phone.number if office.main_phone else ""),
        "complaint_address": ", ".join(filter(None, [office.name, office.full_address])),
        "building": f"<p>{office.full_address}</p>" if office.full_address else "",
    }


register_board_line(_("Accessibility statement: review due by 31 March"), Statement, StateFilter, "due")
register_board_line(_("Accessibility statement not published yet"), Statement, StateFilter, "draft")
