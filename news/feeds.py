"""RSS and Atom. The same bytes until something changes, so that readers are answered 304."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from institutions.models import Office
from portal.content.richtext import plain_text

from .models import Article, Notice

LENGTH = 20
DESCRIPTION_LENGTH = 400


class SteadyDate:
    """An empty feed has a date too, and always the same; Django's is the moment of asking."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else datetime(2000, 1, 1, tzinfo=UTC)


class Rss(SteadyDate, Rss201rev2Feed):
    pass


class Atom(SteadyDate, Atom1Feed):
    pass


class PortalFeed(Feed):
    """Addresses come from SITE_URL, not from the Host header, which anybody can send."""

    feed_type = Rss
    item_guid_is_permalink = False
    page: str
    address: str

    def get_object(self, request):
        return Office.objects.first() or Office(site_name=settings.SITE_HOST)

    def title(self, office):
        return f"{self.name()} – {office.wording('site_name').text}"

    def description(self, office):
        return office.wording("about").text or self.title(office)

    def author_name(self, office):
        return office.name or office.site_name

    def link(self, office):
        return settings.SITE_URL + reverse(self.page)

    def feed_url(self, office):
        return settings.SITE_URL + reverse(self.address)

    def item_title(self, item):
        return item.title  # plain text; Django's own escapes it once more, and Atom readers then show "&quot;"

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item):
        # Not the address: it follows the title, and a corrected title is not a new entry.
        return f"tag:{settings.SITE_HOST},{item.created_at:%Y-%m-%d}:{item._meta.label_lower}/{item.pk}"

    def item_pubdate(self, item):
        return item.publish_at

    def item_updateddate(self, item):
        return max(item.updated_at, item.publish_at)


class ArticleRss(PortalFeed):
    page = "news:article_list"
    address = "news:article_rss"

    def name(self):
        return _("News")

    def items(self):
        return Article.objects.published().for_readers().newest_first().select_related("category")[:LENGTH]

    def item_description(self, article):
        return escape(article.lead or _shortened(article.body))

    def item_categories(self, article):
        return [str(article.category)]


class ArticleAtom(ArticleRss):
    feed_type = Atom
    address = "news:article_atom"
    subtitle = ArticleRss.description


class NoticeRss(PortalFeed):
    page = "news:notice_list"
    address = "news:notice_rss"

    def name(self):
        return _("Notices")

    def items(self):
        return Notice.objects.published().for_readers().newest_first()[:LENGTH]

    def item_description(self, notice):
        return escape(notice.summary or _shortened(notice.body))

    def item_categories(self, notice):
        return [notice.get_kind_display()]


def _shortened(html: str) -> str:
    text = plain_text(html)
    return text if len(text) <= DESCRIPTION_LENGTH else text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + " …"
