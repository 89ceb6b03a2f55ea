from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditingConfig(AppConfig):
    name = "portal.editing"
    label = "editing"
    verbose_name = _("Editing")

    def ready(self):
        from portal.content import attachment_files, photo_files
        from portal.content.tick import register_job

        from . import drafts, kept_files

        photo_files.register_keeper(kept_files.photos_still_named)
        attachment_files.register_keeper(kept_files.attachments_still_named)
        register_job("unsaved texts", drafts.purge, every=24 * 60 * 60)
