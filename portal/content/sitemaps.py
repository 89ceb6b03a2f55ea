"""What the site maps of the sections have in common."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max


class SiteSitemap(Sitemap):
    """Addresses begin with SITE_URL, not with whichever host was asked."""

    protocol = urlsplit(settings.SITE_URL).scheme
    limit = 1000  # addresses in one file; a county of many years has many files

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class PublishedSitemap(SiteSitemap):
    """All published rows of `model`."""

    model = None

    def items(self):
        return self.model.objects.published().order_by("pk").only("slug", "updated_at")

    def lastmod(self, item):
        return item.updated_at

    def get_latest_lastmod(self):
        """Asked of the database; Django would read every row for it."""
        return self.items().order_by().aggregate(latest=Max("updated_at"))["latest"]
