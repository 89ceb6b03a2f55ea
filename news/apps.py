from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News and notices")

    def ready(self):
        from institutions.memberships import belongs_by

        from . import search
        from .models import Article, Notice

        search.register()
        belongs_by(Article, "unit")
        belongs_by(Notice, "unit")
