from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = _("Institutions")

    def ready(self):
        from . import memberships, search
        from .models import Institution

        search.register()
        memberships.belongs_by(Institution, "pk")
