from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = _("Institutions")

    def ready(self):
        from portal.content.tick import register_job

        from . import memberships, search
        from .models import Institution, PlacesReport, ServiceCard
        from .places import reporting  # noqa: F401  listens to what is saved
        from .places.letters import ask
        from .services import search as services_search

        services_search.register()
        search.register()
        memberships.belongs_by(Institution, "pk")
        memberships.belongs_by(ServiceCard, "unit")
        memberships.belongs_by(PlacesReport, "institution")
        register_job("questions about places", ask, every=60 * 60)
