from portal.content.sitemaps import PublishedSitemap

from .models import Institution, ServiceCard


class InstitutionSitemap(PublishedSitemap):
    model = Institution


class ServiceCardSitemap(PublishedSitemap):
    model = ServiceCard
