from portal.content.sitemaps import PublishedSitemap

from .models import Event


class EventSitemap(PublishedSitemap):
    model = Event
