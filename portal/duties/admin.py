from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.memberships import BoundAdmin
from portal.content.admin import EditingAdmin
from portal.content.board import LineFilter, register_board_line
from portal.editing.buttons import GO_ON, Button

from .models import Duty


class TermFilter(LineFilter):
    title = _("term")
    parameter_name = "term"

    def lookups(self, request, model_admin):
        return [("overdue", _("overdue")), ("soon", _("soon")), ("open", _("still to be done"))]

    @classmethod
    def select(cls, queryset, value):
        return getattr(queryset, value)() if value in ("overdue", "soon", "open") else queryset


@admin.register(Duty)
class DutyAdmin(BoundAdmin, EditingAdmin):
    list_display = ["title", "term", "period", "responsible_email", "done_on"]
    list_filter = [TermFilter, "period"]
    search_fields = ["title", "note"]
    ordering = ["is_finished", "due_on", "title"]
    readonly_fields = ["done_on"]
    actions = ["complete_selected"]
    fieldsets = [
        (None, {"fields": ["title", ("due_on", "period"), ("responsible_email", "remind_days"), "done_on"]}),
        (_("How"), {"fields": ["legal_basis", "note"]}),
    ]

    @admin.display(description=_("by"), ordering="due_on")
    def term(self, duty):
        day = date_format(duty.due_on)
        if duty.is_finished:
            code, words = "archived", gettext("done")
        elif duty.is_overdue:
            code, words = "overdue", gettext("overdue since %(day)s") % {"day": day}
        else:
            code, words = "review" if duty.remind_from <= timezone.localdate() else "scheduled", day
        return format_html('<span class="state state-{}">{}</span>', code, words)

    @admin.action(description=_("Mark as done today"), permissions=["change"])
    def complete_selected(self, request, queryset):
        for duty in queryset.open():
            self._complete(request, duty)

    def _complete(self, request, duty):
        duty.complete(timezone.localdate())
        self.log_change(request, duty, gettext("Done."))
        if duty.is_finished:
            words = gettext("Done: %(duty)s.") % {"duty": duty}
        else:
            words = gettext("Done: %(duty)s. Next time by %(day)s.") % {"duty": duty, "day": date_format(duty.due_on)}
        messages.success(request, words)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and not obj.is_finished and self.has_change_permission(request, obj):
            context["buttons"] = [Button("_save", _("Save"), is_main=True), GO_ON, Button("_done", _("Done today"))]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        if "_done" not in request.POST:
            return super().response_change(request, obj)
        self._complete(request, obj)
        return redirect("admin:duties_duty_changelist")


register_board_line(_("Duties: the day has passed"), Duty, TermFilter, "overdue")
register_board_line(_("Duties of the next weeks"), Duty, TermFilter, "soon")
