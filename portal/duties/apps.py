from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    name = "portal.duties"
    label = "duties"
    verbose_name = _("Duties")

    def ready(self):
        from institutions.memberships import belongs_by
        from portal.content.tick import register_job

        from .models import Duty
        from .reminding import remind

        belongs_by(Duty)  # they are the office's
        register_job("reminders of duties", remind, every=60 * 60)
