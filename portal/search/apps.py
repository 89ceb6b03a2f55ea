from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = _("search")

    def ready(self):
        from portal.content.tick import register_job

        from . import checks  # noqa: F401  registers itself
        from .sources import refresh_recent

        register_job("search", refresh_recent, every=10 * 60)
