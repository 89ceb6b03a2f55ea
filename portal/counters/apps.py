from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CountersConfig(AppConfig):
    name = "portal.counters"
    label = "counters"
    verbose_name = _("views")

    def ready(self):
        from portal.content.tick import register_job_of_each_host

        from .fold import fold_journal

        register_job_of_each_host("views", fold_journal)
