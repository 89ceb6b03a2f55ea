from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessibilityConfig(AppConfig):
    name = "portal.accessibility"
    label = "accessibility"
    verbose_name = _("Accessibility")

    def ready(self):
        from institutions.memberships import belongs_by
        from portal.content.tick import register_job

        from .access_requests import forget_old
        from .models import AccessRequest, Statement

        for model in (Statement, AccessRequest):
            belongs_by(model)  # they are the office's
        register_job("accessibility requests", forget_old, every=60 * 60)
