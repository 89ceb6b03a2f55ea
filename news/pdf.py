"""An article as a PDF for saving; made anew only when what it shows has changed."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string

from institutions.models import Office
from portal.content import pdf
from portal.content.structured_data import absolute

KEPT_SECONDS = 600


def of_article(article) -> bytes:
    context = {"article": article, "address": absolute(article.get_absolute_url()), "site_name": _site_name()}
    html = render_to_string("news/article_pdf.html", context)
    key = f"pdf-{hashlib.sha256(html.encode()).hexdigest()}"
    content = cache.get(key)
    if content is None:
        with pdf.one_at_a_time:
            content = cache.get(key) or pdf.from_html(html)
            cache.set(key, content, KEPT_SECONDS)
    return content


def _site_name() -> str:
    return Office.objects.values_list("site_name", flat=True).first() or settings.SITE_HOST
