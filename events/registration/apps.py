from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "events.registration"
    label = "registration"
    verbose_name = _("Sign-up")

    def ready(self):
        from events.copying import register_copier
        from institutions.memberships import belongs_by
        from portal.content.tick import register_job

        from . import copying, retention, schedule, seats
        from .models import SignUp

        register_copier(copying.copy_sign_up)
        belongs_by(SignUp, "event__sessions__institution", "event__parties__institution")

        register_job("seats", seats.settle_all)
        register_job("news of events", schedule.announce_changes, every=20)
        register_job("reminders", schedule.queue_reminders, every=60)
        register_job("forgetting", retention.forget, every=3600)
