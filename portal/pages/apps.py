from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"
    verbose_name = _("Pages of the site")

    def ready(self):
        from institutions.memberships import belongs_by

        from . import search_sources
        from .models import StaticPage

        search_sources.register()
        belongs_by(StaticPage)  # pages are the office's
