"""How much a phone has to fetch before an article can be read (look.md; issue 2, point 9)."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from news.models import Article

KILOBYTE = 1024
TEXT_TYPES = ("text/html", "text/css", "text/javascript", "application/javascript")

pytestmark = pytest.mark.browser


@pytest.fixture
def fetched(demo_server, page):
    """What Chromium fetched for an article with a gallery on a phone, by address: (content type, body)."""
    answers = []
    page.set_viewport_size({"width": 360, "height": 740})
    page.on("response", lambda response: answers.append((response.url, response)))
    article = next(found for found in Article.objects.published() if found.photos.count() > 2)
    page.goto(demo_server + article.get_absolute_url(), wait_until="networkidle")
    return {url: (response.headers.get("content-type", ""), response.body()) for url, response in answers}


def compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def test_html_css_and_js_of_an_article_are_at_most_28_kilobytes(fetched):
    sizes = {url: compressed(body) for url, (kind, body) in fetched.items() if kind.startswith(TEXT_TYPES)}
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= 28 * KILOBYTE, sizes


def test_with_font_and_cover_it_is_at_most_200_kilobytes(fetched):
    """Text as compressed as on a server; pictures and fonts as they are."""
    sizes = {}
    for url, (kind, body) in fetched.items():
        sizes[Path(urlsplit(url).path).name] = (
            compressed(body) if kind.startswith((*TEXT_TYPES, "image/svg")) else len(body)
        )
    assert any(name.endswith(".woff2") for name in sizes)
    assert any(name.endswith(".webp") for name in sizes)
    assert sum(sizes.values()) <= 200 * KILOBYTE, sizes
