from django.urls import reverse

from events.sitemaps import EventSitemap
from institutions.sitemaps import InstitutionSitemap, ServiceCardSitemap
from news.sitemaps import ArticleSitemap, NoticeSitemap
from portal.content.sitemaps import PublishedSitemap, SiteSitemap

from .models import StaticPage


class SectionSitemap(SiteSitemap):
    """The pages that no row stands for, in every language of the interface."""

    i18n = alternates = x_default = True

    def items(self):
        return [
            "pages:home",
            "news:article_list",
            "news:notice_list",
            "institutions:list",
            "institutions:free_places",
            "institutions:monthly_costs",
            "services:list",
            "events:list",
            "pages:contact",
            "pages:sitemap_page",
        ]

    def location(self, name):
        return reverse(name)


class PageSitemap(PublishedSitemap):
    model = StaticPage

    def items(self):
        return (
            super()
            .items()
            .select_related("parent")
            .only("slug", "language", "translation_of", "updated_at", "parent__slug")
        )


SITEMAPS = {
    "dzialy": SectionSitemap,
    "strony": PageSitemap,
    "aktualnosci": ArticleSitemap,
    "ogloszenia": NoticeSitemap,
    "placowki": InstitutionSitemap,
    "sprawy": ServiceCardSitemap,
    "wydarzenia": EventSitemap,
}
