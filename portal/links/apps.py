from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinksConfig(AppConfig):
    name = "portal.links"
    label = "links"
    verbose_name = _("links")

    def ready(self):
        from portal.content.tick import register_job
        from portal.content.writing.addresses import register_asker

        from .asking import ask
        from .night import work_at_night

        register_asker(ask)
        register_job("links", work_at_night)
