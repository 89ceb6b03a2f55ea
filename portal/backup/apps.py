from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupConfig(AppConfig):
    name = "portal.backup"
    label = "backup"
    verbose_name = _("backups")

    def ready(self):
        from portal.content.tick import register_job

        from . import erasures

        register_job("erasure register", erasures.write)
