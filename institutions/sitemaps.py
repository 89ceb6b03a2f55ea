from portal.content.sitemaps import PublishedSitemap

from .models import Institution


class InstitutionSitemap(PublishedSitemap):
    model = Institution
