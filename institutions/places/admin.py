from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.content.admin import EditingAdmin
from portal.content.board import LineFilter, register_board_line
from portal.content.object_tools import ObjectTool, register_object_tool
from portal.editing.buttons import Button

from ..hours import WEEKDAYS
from ..memberships import BoundAdmin
from ..models import Institution
from .models import NUMBERS, PlacesReport, State
from .reporting import accept, refuse

COLOURS = {State.ACCEPTED: "published", State.WAITING: "review", State.REFUSED: "archived"}


class StateFilter(LineFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    @staticmethod
    def select(queryset, value):
        return queryset.filter(state=value) if value in State.values else queryset


@admin.register(PlacesReport)
class PlacesReportAdmin(BoundAdmin, EditingAdmin):
    """The history, which nobody writes here; what waits is shown or refused."""

    list_display = ["institution", "as_of", *NUMBERS, "origin", "state_in_words"]
    list_filter = [StateFilter, "origin", ("institution", admin.RelatedOnlyFieldListFilter)]
    ordering = ["-as_of", "-pk"]
    search_fields = ["institution__name"]
    fieldsets = [(None, {"fields": ["institution", ("as_of", "origin", "state_in_words"), tuple(NUMBERS), "week"]})]
    readonly_fields = ["institution", "as_of", "origin", "state_in_words", *NUMBERS, "week"]
    actions = ["accept_selected", "refuse_selected"]

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("state"), ordering="state")
    def state_in_words(self, report):
        return format_html('<span class="state state-{}">{}</span>', COLOURS[report.state], report.get_state_display())

    @admin.display(description=_("hours"))
    def week(self, report):
        if report.hours is None:
            return "–"
        names = dict(WEEKDAYS)
        return format_html_join(
            "", "{}: {}–{}<br>", ((names[day], opens, closes) for day, opens, closes in report.hours)
        )

    @admin.action(description=_("Show on the site"), permissions=["change"])
    def accept_selected(self, request, queryset):
        for report in queryset.waiting():
            self._accept(request, report)

    @admin.action(description=_("Refuse"), permissions=["change"])
    def refuse_selected(self, request, queryset):
        for report in queryset.waiting():
            self._refuse(request, report)

    def _accept(self, request, report):
        if accept(report):
            self.log_change(request, report.institution, gettext("Numbers of places approved."))
            messages.success(request, gettext("Shown: %(report)s.") % {"report": report})
        else:
            messages.warning(request, gettext("Somebody has decided already: %(report)s.") % {"report": report})

    def _refuse(self, request, report):
        if refuse(report):
            self.log_change(request, report.institution, gettext("Numbers of places refused."))
            messages.success(request, gettext("Refused: %(report)s.") % {"report": report})
        else:
            messages.warning(request, gettext("Somebody has decided already: %(report)s.") % {"report": report})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        is_open = obj and obj.state == State.WAITING and self.has_change_permission(request, obj)
        buttons = [Button("_accept", _("Show on the site"), is_main=True), Button("_refuse", _("Refuse"))]
        context["buttons"] = buttons if is_open else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        """Nothing of it is edited here; the buttons decide."""

    def response_change(self, request, obj):
        if "_accept" in request.POST:
            self._accept(request, obj)
        elif "_refuse" in request.POST:
            self._refuse(request, obj)
        return redirect("admin:institutions_placesreport_changelist")


def history_of_places(request, institution: Institution) -> ObjectTool | None:
    if institution.places_as_of is None or not request.user.has_perm("institutions.view_placesreport"):
        return None
    address = reverse("admin:institutions_placesreport_changelist")
    return ObjectTool(_("History of places"), f"{address}?institution__id__exact={institution.pk}")


register_object_tool(Institution, history_of_places)
register_board_line(_("Numbers of places to be approved"), PlacesReport, StateFilter, State.WAITING)
