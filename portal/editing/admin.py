from django.contrib import admin

from portal.content.admin import PolishSearch
from portal.content.paging import CappedPaginator

from .models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(PolishSearch, admin.ModelAdmin):
    """Read and searched by administrators; written by nobody's hand."""

    list_display = ["at", "actor_name", "act", "target_name", "detail"]
    list_filter = ["act", "at"]
    search_fields = ["actor_name", "target_name", "detail"]
    date_hierarchy = "at"
    list_display_links = None
    show_full_result_count = False
    paginator = CappedPaginator

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
