from portal.content.sitemaps import PublishedSitemap

from .models import Article, Notice


class ArticleSitemap(PublishedSitemap):
    model = Article


class NoticeSitemap(PublishedSitemap):
    model = Notice
