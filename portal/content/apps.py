from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "portal.content"
    label = "content"

    def ready(self):
        from . import photo_files
        from .tick import register_job

        register_job("photos", photo_files.sweep)
