"""Lists that are longer than anybody pages: what they show, what they say of the rest, and how the rest is found."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news.models import Article
from portal.content import paging
from portal.content.paging import years_of
from tests.forms import messages
from tests.make import in_days, make_article, make_event, make_institution, make_notice, make_office, make_user

pytestmark = pytest.mark.django_db
ARTICLES, ARCHIVE = reverse("news:article_list"), reverse("news:notice_archive")
ADMIN = reverse("admin:news_article_changelist")


@pytest.fixture
def few_counted(monkeypatch):
    """Fourteen in place of a thousand."""
    monkeypatch.setattr(paging, "COUNTED", 14)
    make_office()


@pytest.fixture
def articles_of_three_years(few_counted, time_machine):
    time_machine.move_to("2026-11-28 12:00:00+01:00")
    for number in range(30):
        make_article(title=f"Artykuł {number}", publish_at=timezone.now() - timedelta(days=25 * number + 1))


def read(address: str, **query) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def links_in(page: str) -> list[str]:
    return re.findall(r'href="(\?[^"]*)"', page)


def test_of_a_long_list_the_first_pages_are_shown_and_the_rest_is_led_to_by_year(articles_of_three_years):
    page = read(ARTICLES, page=2)
    assert page.count('<li class="card') == 2
    assert {"?rok=2026", "?rok=2025", "?rok=2024"} <= set(links_in(page))
    assert Client().get(ARTICLES, {"page": 3}).status_code == 404


def test_by_year_every_article_is_found(articles_of_three_years):
    found = set()
    for year in (2026, 2025, 2024):
        for number in (1, 2):
            answer = Client().get(ARTICLES, {"rok": year, "page": number})
            found |= {article.pk for article in answer.context["page_obj"]} if answer.status_code == 200 else set()
    assert found == set(Article.objects.values_list("pk", flat=True))


def test_a_short_list_says_nothing_of_years(few_counted):
    make_article()
    assert "?rok=" not in read(ARTICLES)


def test_the_archive_of_notices_leads_on_by_year_too(few_counted):
    for number in range(16):
        make_notice(publish_at=in_days(-30), deadline_at=in_days(-number - 1))
    assert any(link.startswith("?rok=") for link in links_in(read(ARCHIVE)))


def test_a_list_of_the_admin_says_that_there_are_more(articles_of_three_years):
    client = Client()
    client.force_login(make_user(is_superuser=True))
    with CaptureQueriesContext(connection) as captured:
        page = client.get(ADMIN).content.decode()
    assert "14" in page.split('class="paginator"')[1][:400]
    assert "30 " not in page.split('class="paginator"')[1][:400]
    assert not [query["sql"] for query in captured if "COUNT(*)" in query["sql"] and "LIMIT" not in query["sql"]]


def test_all_of_a_list_that_was_counted_no_further_cannot_be_chosen(articles_of_three_years):
    client = Client()
    client.force_login(make_user(is_superuser=True))
    first = Article.objects.first()
    sent = {"action": "archive_selected", "select_across": "1", "_selected_action": [first.pk]}
    answer = client.post(ADMIN, sent, follow=True)
    assert "14" in messages(answer)[0]
    assert not Article.objects.filter(status="archived").exists()
    client.post(f"{ADMIN}?year=2024", sent, follow=True)
    assert 0 < Article.objects.filter(status="archived").count() < 14


def test_years_reach_from_the_last_to_the_first():
    assert years_of(Article.objects.all(), "publish_at") == []
    for year in (2021, 2024):
        make_article(publish_at=datetime(year, 12, 31, 23, 30, tzinfo=ZoneInfo("Europe/Warsaw")))
    make_article(status="draft", publish_at=None)
    assert years_of(Article.objects.all(), "publish_at") == [2024, 2023, 2022, 2021]


def test_an_event_that_ends_right_now_is_past_and_not_lost(time_machine):
    time_machine.move_to("2026-11-28 12:00:00+01:00", tick=False)
    event = make_event(starts_at=timezone.now() - timedelta(hours=2))
    event.sessions.update(ends_at=timezone.now())
    events = type(event).objects.published()
    assert list(events.past()) == [event]
    assert list(events.upcoming()) == []


def test_of_very_many_institutions_some_are_a_page_and_their_groups_stay_together(monkeypatch):
    make_office()
    monkeypatch.setattr("institutions.views.PER_PAGE", 3)
    monkeypatch.setattr("portal.pages.views.MOST_ON_SITE_MAP", 3)
    for number in range(4):
        make_institution(name=f"Dom {number}", type="dps")
        make_institution(name=f"Ośrodek {number}", type="oik")
    pages = [read("/placowki/", page=number) for number in (1, 2, 3)]
    names = [re.findall(r'entry__title"><a href="[^"]+">([^<]+)<', page) for page in pages]
    assert names == [["Dom 0", "Dom 1", "Dom 2"], ["Dom 3", "Ośrodek 0", "Ośrodek 1"], ["Ośrodek 2", "Ośrodek 3"]]
    assert all(">8 " in page for page in pages)
    assert Client().get("/placowki/", {"page": 4}).status_code == 404
    site_map = read(reverse("pages:sitemap_page"))
    assert "/placowki/?typ=oik" in site_map and "Dom 0" not in site_map


def test_files_of_the_site_map_are_found_by_key(monkeypatch):
    monkeypatch.setattr("news.sitemaps.ArticleSitemap.limit", 2)
    articles = [make_article(title=f"Artykuł {number}") for number in range(5)]
    Article.objects.filter(pk__in=[articles[0].pk, articles[1].pk]).update(status="draft")
    last = -(-(articles[-1].pk - (articles[2].pk - 1) // 2 * 2) // 2)
    index = read("/sitemap.xml")
    assert f"/sitemap-aktualnosci.xml?p={last}</loc>" in index and f"aktualnosci.xml?p={last + 1}<" not in index
    files = [read("/sitemap-aktualnosci.xml", p=number) for number in range(1, last + 1)]
    found = [number for number in range(5) if any(f"/artykul-{number}/" in file for file in files)]
    assert found == [2, 3, 4]
    assert all(file.count("<loc>") <= 2 for file in files)
    for wrong in (last + 1, 0, "-1", "x", "9" * 40, "1.5"):
        assert Client().get("/sitemap-aktualnosci.xml", {"p": wrong}).status_code == 404
