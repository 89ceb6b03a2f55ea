from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class ChangesConfig(AppConfig):
    name = "portal.changes"
    label = "changes"
    verbose_name = _("changes")

    def ready(self):
        from .noticing import watch

        connection_created.connect(watch)
