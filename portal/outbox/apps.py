from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "portal.outbox"
    label = "outbox"
    verbose_name = _("mail")

    def ready(self):
        from portal.content.tick import register_job

        from .purging import purge_bodies
        from .sending import send_due

        register_job("mail", send_due)
        register_job("mail bodies", purge_bodies, every=3600)
