from django.apps import AppConfig
from django.db.backends.signals import connection_created


class ContentConfig(AppConfig):
    name = "portal.content"
    label = "content"

    def ready(self):
        from . import attachment_files, avif, photo_files
        from .folding import teach_sqlite_to_fold
        from .tick import register_job

        register_job("photos", photo_files.sweep, every=30)
        register_job("avif", avif.make_some)
        register_job("attachments", attachment_files.sweep, every=30)
        connection_created.connect(teach_sqlite_to_fold)
