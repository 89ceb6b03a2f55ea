from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = _("Institutions")

    def ready(self):
        from . import memberships, search
        from .models import Institution, ServiceCard
        from .services import search as services_search

        services_search.register()
        search.register()
        memberships.belongs_by(Institution, "pk")
        memberships.belongs_by(ServiceCard, "unit")
