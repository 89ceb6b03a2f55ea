from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PhotosConfig(AppConfig):
    name = "portal.photos"
    label = "photos"
    verbose_name = _("Photos")

    def ready(self):
        from portal.content.photo_files import register_take_downs

        from .models import TakenDownPhoto

        register_take_downs(TakenDownPhoto.objects.reason_of, TakenDownPhoto.objects.has_key)
