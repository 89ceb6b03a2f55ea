"""Every public address of the demo county, found as a visitor or a robot finds them: by following all links."""

import json
import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from portal.content import languages
from tests.conftest import as_on_a_server, using_database
from tests.reading import PageReader, css_resources, is_internal, without_host

STARTS = ["/", "/sitemap.xml", "/robots.txt", "/healthz", "/readyz"]
# Of the many combinations of one list's filters, and of PDF files that take a tenth of a second each.
MOST_QUERIES_OF_A_PATH = 8
MOST_PDFS = 3
# Of pages that nobody has translated, which are the Polish ones in a frame of words in another language.
MOST_OF_A_LANGUAGE = 60


class Answer:
    """What the site answered at one address, after redirects."""

    def __init__(self, address: str):
        self.address = address
        self.response = Client().get(address, follow=True)
        self.status = self.response.status_code
        self.content_type = self.response.get("Content-Type", "").partition(";")[0]
        # Whole files are of no interest; a photo is a stream.
        self.text = "" if self.response.streaming else self.response.content.decode("utf-8", "replace")
        self.is_html = self.content_type == "text/html"
        self.page = PageReader(self.text, address) if self.is_html else None

    def links(self) -> list[str]:
        if self.is_html:
            return self.page.links + self.page.resources
        if self.content_type.endswith("xml"):
            return re.findall(r"<(?:loc|link|guid)[^>]*>([^<]+)</", self.text) + re.findall(
                r'href="([^"]+)"', self.text
            )
        if self.content_type == "application/json":
            return [found for found in re.findall(r'"([^"]+)"', self.text) if found.startswith("/")]
        if self.content_type == "text/css":
            return css_resources(self.text, self.address)
        if self.content_type == "text/plain":
            return re.findall(r"^Sitemap: (.+)$", self.text, re.MULTILINE)
        return []


@pytest.fixture(scope="module")
def answers(demo_database, django_db_blocker) -> list[Answer]:
    with django_db_blocker.unblock(), using_database(demo_database), as_on_a_server():
        return crawl()


def crawl() -> list[Answer]:
    found, seen, queries, of_language, pdfs = [], set(STARTS), Counter(), Counter(), 0
    waiting = list(STARTS)
    while waiting:
        answer = Answer(waiting.pop(0))
        found.append(answer)
        for address in (without_host(link) for link in answer.links() if is_internal(link)):
            path = urlsplit(address).path
            if address in seen or path.startswith(("/static/", "/admin/", "/media/")):
                continue
            seen.add(address)
            language = languages.of_path(path)
            if language != languages.ORIGINAL and not answer.address.startswith("/sitemap"):
                of_language[language] += 1
                if of_language[language] > MOST_OF_A_LANGUAGE:
                    continue
            if "?" in address:
                queries[path] += 1
            if path.endswith("/pdf/"):
                pdfs += 1
            if queries[path] <= MOST_QUERIES_OF_A_PATH and not (path.endswith("/pdf/") and pdfs > MOST_PDFS):
                waiting.append(address)
    return found


def html_pages(answers):
    return [answer for answer in answers if answer.is_html]


def test_the_walk_reaches_every_section(answers):
    walked = {answer.address for answer in answers}
    expected = """
        pages:home pages:contact pages:sitemap_page pages:search sitemap robots
        news:article_list news:article_rss news:article_atom news:notice_list news:notice_archive news:notice_rss
        institutions:list events:list events:archive events:calendar
    """
    assert {reverse(name) for name in expected.split()} - walked == set()
    assert len(walked) > 200
    assert any("?" in address for address in walked)
    assert any(re.fullmatch(r"/wydarzenia/miesiac/\d{4}-\d\d/", address) for address in walked)


def test_everything_in_the_sitemaps_was_walked(answers):
    sitemaps = [answer for answer in answers if answer.address.startswith("/sitemap")]
    listed = {without_host(address) for sitemap in sitemaps for address in sitemap.links() if is_internal(address)}
    assert len(listed) > 150
    assert listed - {answer.address for answer in answers} == set()


def test_every_address_answers(answers):
    assert [(answer.address, answer.status) for answer in answers if answer.status != 200] == []


def test_every_page_has_one_main_heading_a_title_and_its_language(answers):
    pages = html_pages(answers)
    assert [page.address for page in pages if page.page.headings.count("h1") != 1] == []
    assert [page.address for page in pages if page.page.lang not in ("pl", "en", "uk")] == []
    assert [page.address for page in pages if not page.page.title.strip()] == []


def test_titles_tell_pages_apart(answers):
    """Pages of one list share theirs, and those that must not give their reader away; two articles do not."""
    titles = Counter(
        page.page.title.strip()
        for page in html_pages(answers)
        if "?" not in page.address
        and "/drukuj/" not in page.address
        and "data-quick-exit" not in page.text
        and languages.of_path(page.address) == languages.ORIGINAL
    )
    assert {title: count for title, count in titles.items() if count > 1} == {}


def test_every_page_leads_to_the_accessibility_statement(answers):
    """Rule DD-10: in header or footer."""
    words = re.compile(r'<a [^>]*href="(?:/en|/uk)?/deklaracja-dostepnosci/"[^>]*>\s*Deklaracja dostępności\s*</a>')
    pages = [page for page in html_pages(answers) if page.status == 200 and "/drukuj/" not in page.address]
    assert [page.address for page in pages if not words.search(page.text)] == []


def test_headings_never_skip_a_level(answers):
    def skips(headings):
        levels = [int(heading[1]) for heading in headings]
        return any(after > before + 1 for before, after in zip(levels, levels[1:], strict=False))

    assert [page.address for page in html_pages(answers) if skips(page.page.headings)] == []


def test_nothing_is_loaded_from_another_host(answers):
    assert [
        (page.address, url) for page in html_pages(answers) for url in page.page.resources if not is_internal(url)
    ] == []


def test_stylesheets_load_nothing_from_another_host(answers):
    sheets = {url for page in html_pages(answers) for url in page.page.resources if urlsplit(url).path.endswith(".css")}
    assert sheets
    for sheet in sheets:
        path = urlsplit(sheet).path
        if path.startswith(settings.STATIC_URL):
            with open(finders.find(path.removeprefix(settings.STATIC_URL)), encoding="utf-8") as file:
                assert all(is_internal(url) or url.startswith("data:") for url in css_resources(file.read(), path)), (
                    sheet
                )


def test_nothing_inline_that_the_security_policy_would_block(answers):
    assert [(page.address, page.page.inline) for page in html_pages(answers) if page.page.inline] == []


def test_every_loaded_file_exists(answers):
    resources = {without_host(url) for page in html_pages(answers) for url in page.page.resources if is_internal(url)}
    static = [
        url.partition("?")[0].removeprefix(settings.STATIC_URL)
        for url in resources
        if url.startswith(settings.STATIC_URL)
    ]
    assert [name for name in static if not finders.find(name)] == []


def test_every_photo_of_a_page_is_there(answers, demo):
    photos = {url for page in html_pages(answers) for url in page.page.resources if url.startswith("/media/")}
    assert len(photos) > 100
    largest = [url for url in photos if url.endswith(".jpg")][:150]
    assert [url for url in largest if Client().get(url).status_code != 200] == []


def test_no_page_sets_a_cookie_or_depends_on_one(answers):
    plain = [answer for answer in answers if not (answer.is_html and "post" in answer.page.forms)]
    assert [answer.address for answer in plain if answer.response.cookies] == []
    assert [answer.address for answer in plain if "cookie" in answer.response.get("Vary", "").lower()] == []


def test_pages_with_a_form_to_send_set_only_the_token_and_are_not_stored(answers):
    for answer in html_pages(answers):
        if "post" in answer.page.forms:
            assert set(answer.response.cookies) <= {settings.CSRF_COOKIE_NAME}, answer.address
            assert "no-store" in answer.response["Cache-Control"], answer.address


def test_structured_data_can_be_read(answers):
    blocks = [
        (page.address, block)
        for page in html_pages(answers)
        for block in re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page.text, re.DOTALL)
    ]
    assert len(blocks) > 100
    assert [address for address, block in blocks if "@context" not in json.loads(block)] == []
