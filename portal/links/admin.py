"""The list of links that do not work: read, and followed to the form in which the link stands."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.content.admin import is_key
from portal.content.board import LineFilter, register_board_line
from portal.content.paging import CappedPaginator

from .models import LinkReport, Problem

HINTS = [Problem.MOVED]  # they work still


class ProblemFilter(LineFilter):
    title = _("problem")
    parameter_name = "problem"

    def lookups(self, request, model_admin):
        return [("broken", _("leads nowhere")), *Problem.choices]

    @staticmethod
    def select(queryset, value):
        if value == "broken":
            return queryset.exclude(problem__in=HINTS)
        return queryset.filter(problem=value) if value in Problem.values else queryset


@admin.register(LinkReport)
class LinkReportAdmin(admin.ModelAdmin):
    list_display = ["place", "words", "address", "problem", "detail", "first_seen", "checked"]
    list_display_links = None
    list_filter = [ProblemFilter]
    list_select_related = ["content_type"]
    search_fields = ["title", "url", "words"]
    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request, obj)  # so that the board shows them; there is nothing to change

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("links.view_linkreport")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A report has no form: what is to be mended is the text."""
        report = get_object_or_404(LinkReport, pk=object_id if is_key(object_id) else 0)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(form_of(report) or "admin:links_linkreport_changelist")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Links that do not work"), **(extra_context or {})})

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("where it stands"), ordering="title")
    def place(self, report):
        kind = report.content_type.name
        return format_html('<a href="{}">{}</a> <span class="when">{}</span>', form_of(report), report.title, kind)

    @admin.display(description=_("first found"), ordering="first_seen_at")
    def first_seen(self, report):
        return f"{timezone.localtime(report.first_seen_at):%d.%m.%Y}"

    @admin.display(description=_("last checked"), ordering="checked_at")
    def checked(self, report):
        return f"{timezone.localtime(report.checked_at):%d.%m.%Y}"

    @admin.display(description=_("address"), ordering="url")
    def address(self, report):
        return report.url


def form_of(report: LinkReport) -> str:
    kind = report.content_type
    try:
        return reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[report.object_id])
    except NoReverseMatch:
        return ""


register_board_line(_("Links that do not work"), LinkReport, ProblemFilter, "broken")
