from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"
    verbose_name = _("Pages of the site")

    def ready(self):
        from institutions.memberships import belongs_by
        from institutions.models import Office
        from portal.content.tick import register_job_of_each_host

        from . import error_files, search_sources
        from .models import StaticPage

        search_sources.register()
        register_job_of_each_host("error pages", error_files.write)
        for model in (Office, Office._meta.get_field("phones").related_model):
            post_save.connect(error_files.write_soon, sender=model)
        belongs_by(StaticPage)  # pages are the office's
