from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .models import Certificate
from .retention_admin import ReadOnlyAdmin


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    """The register: every number that was ever given, revoked ones too."""

    list_display = ["number", "kind", "event", "issued_at", "revoked_at"]
    list_filter = ["kind", "issued_at"]
    list_select_related = ["signup__event"]
    search_fields = ["number", "signup__event__title"]
    fields = [
        "number", "kind", "event", "issued_at", "issued_by", "check_page", "revoked_at", "revoked_by",
        "revocation_reason",
    ]  # fmt: skip

    @admin.display(description=_("event"))
    def event(self, certificate):
        return certificate.signup.event

    @admin.display(description=_("check page"))
    def check_page(self, certificate):
        return format_html('<a href="{0}">{0}</a>', certificate.get_absolute_url())
