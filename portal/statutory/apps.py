from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatutoryConfig(AppConfig):
    name = "portal.statutory"
    label = "statutory"
    verbose_name = _("Statutory pages")

    def ready(self):
        from institutions.memberships import belongs_by

        from .models import ChildProtection, ProcessingPurpose, Whistleblowing

        for model in (ProcessingPurpose, ChildProtection, Whistleblowing):
            belongs_by(model)  # they are the office's
