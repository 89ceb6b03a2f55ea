"""The office's side of accessibility requests: what came, until when it must be answered, and what was answered."""

from django.contrib import admin
from django.db.models import F
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.memberships import BoundAdmin
from portal.content.admin import EditingAdmin
from portal.content.board import LineFilter, register_board_line

from . import letters
from .access_requests import TERM
from .forms import OF_THE_PERSON
from .models import AccessRequest


class TermFilter(LineFilter):
    title = _("term")
    parameter_name = "term"

    def lookups(self, request, model_admin):
        return [("waiting", _("to be answered")), ("overdue", _("overdue"))]

    @classmethod
    def select(cls, queryset, value):
        if value == "waiting":
            return queryset.waiting()
        return queryset.overdue() if value == "overdue" else queryset


@admin.register(AccessRequest)
class AccessRequestAdmin(BoundAdmin, EditingAdmin):
    list_display = ["request_number", "subject", "where", "term"]
    list_display_links = ["request_number"]
    list_filter = [TermFilter, "subject"]
    search_fields = ["place", "barrier"]
    ordering = [F("answered_on").asc(nulls_first=True), "due_on", "pk"]
    readonly_fields = ["request_number", "received_at", *OF_THE_PERSON]
    fieldsets = [
        (None, {"fields": [("request_number", "received_at"), "subject", "place", "barrier", "wanted"]}),
        (_("Answer to"), {"fields": ["name", "answer_by", "email", "phone", "address"]}),
        (_("Answer"), {"fields": ["due_on", "extension_reason", "answered_on", "answer"]}),
    ]

    @admin.display(description=_("number"), ordering="pk")
    def request_number(self, request):
        return request.number

    @admin.display(description=_("where"))
    def where(self, request):
        return request.place or "–"

    @admin.display(description=_("term"), ordering="due_on")
    def term(self, request):
        day = date_format(request.answered_on or request.due_on)
        if request.answered_on:
            code, words = "archived", gettext("answered on %(day)s") % {"day": day}
        elif request.is_overdue:
            code, words = "overdue", gettext("overdue since %(day)s") % {"day": day}
        else:
            code, words = "review", gettext("by %(day)s") % {"day": day}
        return format_html('<span class="state state-{}">{}</span>', code, words)

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "due_on" in form.changed_data and obj.due_on > obj.received_on + TERM:
            letters.tell_extended(obj)


register_board_line(_("Accessibility requests: the term has passed"), AccessRequest, TermFilter, "overdue")
register_board_line(_("Accessibility requests to be answered"), AccessRequest, TermFilter, "waiting")
