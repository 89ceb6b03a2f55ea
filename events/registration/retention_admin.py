"""Periods of keeping data, what was forgotten, and who looked at people's data."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal.content.paging import CappedPaginator

from .models import Erasure, PeopleAccess, RetentionPolicy, RetentionRun
from .retention import forget, report


class ReadOnlyAdmin(admin.ModelAdmin):
    """Registers that nobody edits: the portal alone writes them."""

    show_full_result_count = False
    paginator = CappedPaginator

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(RetentionPolicy)
class RetentionPolicyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        """There is one: the list leads straight to its form."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        policy, _is_new = RetentionPolicy.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:registration_retentionpolicy_change", args=[policy.pk]))


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "is_dry_run", "what", "error"]
    list_filter = ["is_dry_run"]
    fields = ["started_at", "is_dry_run", "what", "error"]

    def get_urls(self):
        count = self.admin_site.admin_view(require_POST(self.count_now))
        return [path("count/", count, name="registration_retention_count"), *super().get_urls()]

    def count_now(self, request):
        run = forget(is_dry_run=True)
        self.message_user(request, _("Would be forgotten now:") + " " + "; ".join(report(run)), messages.INFO)
        return HttpResponseRedirect(reverse("admin:registration_retentionrun_changelist"))

    @admin.display(description=_("forgotten"))
    def what(self, run):
        return "; ".join(report(run))


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "count"]
    fields = ["at", "by", "registrations"]

    @admin.display(description=_("registrations"))
    def count(self, erasure):
        return len(erasure.registrations)


@admin.register(PeopleAccess)
class PeopleAccessAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "look", "signup"]
    list_filter = ["look", "at"]
    list_select_related = ["user", "signup__event"]
    search_fields = ["user__username", "user__last_name", "signup__event__title"]
    fields = ["at", "user", "look", "signup"]
