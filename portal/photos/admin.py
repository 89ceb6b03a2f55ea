from django.contrib import admin

from .models import TakenDownPhoto


@admin.register(TakenDownPhoto)
class TakenDownAdmin(admin.ModelAdmin):
    """Only to be read, and deleted where a picture may be used again after all: its files do not come back."""

    list_display = ["taken_at", "place", "reason", "taken_by"]
    list_display_links = None
    search_fields = ["place", "reason"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
