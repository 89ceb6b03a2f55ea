from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditingConfig(AppConfig):
    name = "portal.editing"
    label = "editing"
    verbose_name = _("Editing")

    def ready(self):
        from portal.content.tick import register_job

        from . import drafts, log_ins  # noqa: F401  its receivers connect themselves

        register_job("unsaved texts", drafts.purge, every=24 * 60 * 60)
