"""What search engines are told of an article or a notice: schema.org, printed by includes/_json_ld.html."""

from django.conf import settings
from django.core.cache import cache

from institutions.models import Office
from portal.content.richtext import plain_text
from portal.content.structured_data import absolute


def news_article(article) -> dict:
    return {
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.lead or plain_text(article.body)[:200],
        "mainEntityOfPage": absolute(article.get_absolute_url()),
        "inLanguage": article.language,
        "articleSection": str(article.category),
        "image": [absolute(photo.largest_url) for photo in article.photos.all()],
        "datePublished": _moment(article.publish_at),
        "dateModified": _moment(article.updated_at),
        "author": _organization(article),
        "publisher": _publisher(),
    }


def job_posting(notice) -> dict:
    """For a recruitment that still runs: search engines want closed ones to carry none."""
    return {
        "@type": "JobPosting",
        "title": notice.title,
        "description": notice.body,
        "url": absolute(notice.get_absolute_url()),
        "datePosted": _moment(notice.publish_at),
        "validThrough": _moment(notice.deadline_at),
        "hiringOrganization": _organization(notice),
        "jobLocation": {"@type": "Place", "address": _work_address(notice)},
    }


def _moment(value) -> str:
    return value.isoformat(timespec="seconds") if value else ""


def _organization(item) -> dict:
    """The unit that speaks. Never the person of "Tekst": the credit may as well name a department."""
    return {"@type": "Organization", "name": item.shown_unit.name} if item.shown_unit else _publisher()


def _publisher() -> dict:
    name = cache.get_or_set("publisher-name", _office_name, settings.FURNITURE_CACHE_SECONDS)
    return {"@type": "GovernmentOffice", "@id": absolute("/#office"), "name": name, "url": absolute("/")}


def _office_name() -> str:
    return Office.objects.values_list("name", flat=True).first() or settings.SITE_HOST


def _work_address(notice) -> dict:
    place = notice.shown_unit.location if notice.shown_unit else Office.objects.first() or Office()
    return {
        "@type": "PostalAddress",
        "streetAddress": place.street,
        "postalCode": place.postal_code,
        "addressLocality": place.town,
        "addressCountry": "PL",
    }
