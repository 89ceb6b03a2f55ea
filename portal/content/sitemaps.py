"""What the site maps of the sections have in common."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.utils.functional import cached_property

from . import languages


class SiteSitemap(Sitemap):
    """Addresses begin with SITE_URL, not with whichever host was asked."""

    protocol = urlsplit(settings.SITE_URL).scheme
    limit = 1000  # addresses in one file; a county of many years has many files

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class ByKey:
    """Rows in files by their keys, a thousand keys in each, of which some may be drafts or gone.

    A file is found without counting the rows before it, and stays the same file however much is published later.
    """

    def __init__(self, rows, keys: int):
        self.keys, self.rows = keys, rows.order_by("pk")

    @cached_property
    def before(self) -> int:
        """The keys before those of the first file."""
        first = self.rows.values_list("pk", flat=True).first() or 1
        return (first - 1) // self.keys * self.keys

    @cached_property
    def num_pages(self) -> int:
        last = self.rows.values_list("pk", flat=True).last() or 1
        return max(1, -(-(last - self.before) // self.keys))

    def page(self, number):
        number = validate(number)
        start = self.before + (number - 1) * self.keys
        found = list(self.rows.filter(pk__gt=start, pk__lte=start + self.keys))
        if not found and number > self.num_pages:
            raise EmptyPage
        return SimpleNamespace(object_list=found)


def validate(number) -> int:
    if not str(number).isascii() or not str(number).isdecimal() or len(str(number)) > 9:
        raise PageNotAnInteger
    if int(number) < 1:
        raise EmptyPage
    return int(number)


class PublishedSitemap(SiteSitemap):
    """All published rows of `model`."""

    model = None

    def items(self):
        return self.model.objects.published().order_by("pk").only("slug", "language", "translation_of", "updated_at")

    @property
    def paginator(self):
        return ByKey(self.items(), self.limit)

    def location(self, item):
        return languages.address_in(item, item.language)

    def lastmod(self, item):
        return item.updated_at

    def get_latest_lastmod(self):
        """Asked of the database; Django would read every row for it."""
        newest = self.model.objects.published().order_by("-updated_at")
        return newest.values_list("updated_at", flat=True).first()
