"""What a reader finds under /aktualnosci/."""

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Visibility
from institutions.models import FundedProject
from news import views
from news.models import Article
from portal.counters.journal import HEADER
from portal.counters.models import set_start_value
from portal.search.sources import refresh
from tests.make import in_days, make_article, make_attachment, make_event, make_institution, make_office, make_photo

pytestmark = pytest.mark.django_db
LIST = "/aktualnosci/"


def html(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'class="card__title"><a [^>]*>([^<]+)</a>', page)


def json_ld(page: str) -> dict:
    blocks = map(json.loads, re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL))
    return {block["@type"]: block for block in blocks}


# --- The list -------------------------------------------------------------------------------------------------------


def test_newest_come_first_after_the_pinned(client):
    make_article(title="Przypięty", is_pinned=True, publish_at=in_days(-300))
    make_article(title="Starszy", publish_at=in_days(-3))
    make_article(title="Nowszy", publish_at=in_days(-2))
    assert titles(html(client, LIST)) == ["Przypięty", "Nowszy", "Starszy"]


def test_in_a_filtered_list_the_pinned_stands_in_its_turn(client):
    make_article(title="Przypięty", is_pinned=True, publish_at=in_days(-3))
    make_article(title="Nowszy", publish_at=in_days(-2))
    assert titles(html(client, f"{LIST}?kategoria=aktualnosci")) == ["Nowszy", "Przypięty"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"status": "review"},
        {"publish_at": in_days(1)},
        {"expire_at": in_days(-1)},
        {"language": "uk"},
    ],
)
def test_list_shows_only_what_is_published_here(client, hidden):
    make_article(title="Ukryty", **hidden)
    assert titles(html(client, LIST)) == []


def test_category_narrows_the_list(client):
    make_article(title="O seniorach", category="seniorzy")
    make_article(title="O szkoleniach", category="szkolenia")
    assert titles(html(client, f"{LIST}?kategoria=seniorzy")) == ["O seniorach"]


def test_year_narrows_the_list_by_the_calendar_of_warsaw(client):
    new_year = datetime(2025, 1, 1, 0, 30, tzinfo=ZoneInfo("Europe/Warsaw"))  # in UTC it is still 2024
    make_article(title="Noworoczny", publish_at=new_year)
    make_article(title="Sylwestrowy", publish_at=new_year - timedelta(hours=1))
    assert titles(html(client, f"{LIST}?rok=2025")) == ["Noworoczny"]


def test_only_years_that_have_articles_are_offered(client):
    make_article(publish_at=datetime(2023, 5, 1, tzinfo=ZoneInfo("Europe/Warsaw")))
    make_article(status="draft", publish_at=datetime(2021, 5, 1, tzinfo=ZoneInfo("Europe/Warsaw")))
    page = html(client, LIST)
    assert 'value="2023"' in page
    assert 'value="2021"' not in page


@pytest.mark.parametrize("words", ["łódź", "ŁÓDŹ", "lodz", "łodzią"])
def test_words_are_found_in_any_case_and_without_polish_letters(client, words):
    found = make_article(title="Piknik", body="<p>Zapraszamy na żółtą łódź.</p>")
    other = make_article(title="Narada")
    refresh(Article, [found.pk, other.pk])
    assert titles(html(client, f"{LIST}?q={words}")) == ["Piknik"]


@pytest.mark.parametrize("query", ["kategoria=nieznana", "rok=1234", "rok=abc", "kategoria=%00", "q=" + "a" * 10_000])
def test_filter_that_cannot_be_used_is_named_and_ignored(client, query):
    make_article(title="Widoczny")
    page = html(client, f"{LIST}?{query}")
    assert titles(page) == ["Widoczny"]
    assert 'class="errorlist"' in page or "%00" in query
    assert "\x00" not in page


def test_empty_result_offers_a_way_on(client):
    make_article()
    page = html(client, f"{LIST}?kategoria=seniorzy")
    assert 'class="empty"' in page
    assert f'href="{LIST}"' in page


@pytest.mark.parametrize("number", ["2", "9999", "0", "-1", "abc", "%00", "9" * 5000])
def test_page_that_does_not_exist_is_a_404_with_filters_and_a_way_back(client, number):
    make_article()
    page = html(client, f"{LIST}?kategoria=aktualnosci&page={number}", status=404)
    assert page.count("<h1") == 1
    assert 'href="?kategoria=aktualnosci"' in page


def test_list_costs_the_same_for_three_and_for_thirty(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            html(client, LIST)
        return len(captured)

    for _ in range(3):
        make_photo(make_article())
    three = queries()
    for _ in range(27):
        make_photo(make_article())
    assert queries() == three


# --- The page of an article -----------------------------------------------------------------------------------------


def test_article_shows_everything_it_is_made_of(client):
    unit = make_institution(name="Ośrodek Interwencji Kryzysowej")
    project = FundedProject.objects.create(title="Blisko", slug="blisko", notice="Zadanie dofinansowano ze środków UE.")
    article = make_article(
        title="Narada", lead="Omówiono plany.", body="<p>Przebieg narady.</p>", text_credit="Kinga Wrzosek",
        photo_credit="Michał Tarninowski", unit=unit, institutions=[unit], project=project,
        event=make_event(title="Narada jesienna"),
    )  # fmt: skip
    for number in range(5):
        make_photo(article, alt=f"Zdjęcie numer {number}", caption=f"Podpis {number}")
    make_attachment(article, title="Program narady")
    set_start_value(article, 451)
    page = html(client, article.get_absolute_url())
    for part in [
        "Omówiono plany.", "Przebieg narady.", "Kinga Wrzosek", "Michał Tarninowski", "Narada jesienna", "(4)",
        "Ośrodek Interwencji Kryzysowej", "Zadanie dofinansowano ze środków UE.", "Program narady",
        "PDF, 1\xa0KB", "451",
        "Podpis 0", "Zdjęcie numer 4",
        f'href="{article.photos.first().largest_url}"', f'href="{article.get_absolute_url()}drukuj/"',
    ]:  # fmt: skip
        assert part in page, part
    assert page.count("<h1") == 1
    assert page.count('fetchpriority="high"') == 1
    assert page.count('loading="lazy"') == 4


def test_update_is_told_only_when_it_came_later(client):
    article = make_article(publish_at=timezone.now())
    assert html(client, article.get_absolute_url()).count("<time") == 1
    Article.objects.filter(pk=article.pk).update(updated_at=in_days(1))
    assert html(client, article.get_absolute_url()).count("<time") == 2


@pytest.mark.parametrize(
    "hidden", [{"status": "draft"}, {"visibility": Visibility.INTERNAL}, {"visibility": Visibility.UNLISTED}]
)
def test_event_that_is_not_for_everybody_is_not_named(client, hidden):
    article = make_article(event=make_event(title="Zamknięta narada", **hidden))
    assert "Zamknięta narada" not in html(client, article.get_absolute_url())


def test_unlisted_unit_signs_without_a_link_and_a_draft_not_at_all(client):
    unlisted = make_article(unit=make_institution(name="Starostwo Powiatowe", is_listed=False))
    drafted = make_article(unit=make_institution(name="Nowa placówka", status="draft"))
    page = html(client, unlisted.get_absolute_url())
    assert "Starostwo Powiatowe" in page
    assert unlisted.unit.get_absolute_url() not in page
    assert "Nowa placówka" not in html(client, drafted.get_absolute_url())


def test_related_articles_share_an_institution_or_the_category(client):
    home = make_institution()
    article = make_article(title="Ten", institutions=[home], category="seniorzy")
    make_article(title="Z tej samej kategorii", category="seniorzy", publish_at=in_days(-1))
    make_article(title="Z tej samej placówki", institutions=[home], category="projekty", publish_at=in_days(-30))
    make_article(title="Zupełnie inny", category="projekty")
    make_article(title="Szkic", category="seniorzy", status="draft")
    assert titles(html(client, article.get_absolute_url())) == ["Z tej samej placówki", "Z tej samej kategorii"]


def test_archived_article_says_so_and_asks_not_to_be_indexed(client):
    article = make_article(title="Dawny", status="archived")
    page = html(client, article.get_absolute_url())
    assert '<meta name="robots" content="noindex">' in page
    assert "Dawny" not in html(client, LIST)


def test_old_address_leads_to_the_new_one(client):
    article = make_article(title="Pierwszy tytuł")
    article.title = "Drugi tytuł"
    article.save()
    response = client.get(f"{LIST}pierwszy-tytul/")
    assert (response.status_code, response["Location"]) == (301, f"{LIST}drugi-tytul/")


@pytest.mark.parametrize(
    "address", ["nie-ma-takiego/", "nie-ma-takiego/drukuj/", "nie-ma-takiego/pdf/", "a" * 10_000 + "/"]
)
def test_unknown_address_is_a_404(client, address):
    html(client, LIST + address, status=404)


def test_article_is_read_with_six_queries(client, settings, django_assert_max_num_queries):
    settings.FURNITURE_CACHE_SECONDS = 60
    make_office()
    home = make_institution()
    articles = [make_article(institutions=[home], unit=home, event=make_event()) for _ in range(5)]
    for article in articles:
        make_photo(article)
        make_attachment(article)
    html(client, articles[0].get_absolute_url())
    with django_assert_max_num_queries(6):
        html(client, articles[1].get_absolute_url())


def test_anonymous_page_sets_no_cookie_and_varies_by_none(client):
    response = client.get(make_article().get_absolute_url())
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_article_counts_as_seen_and_its_print_view_does_not(rf):
    article = make_article()
    assert views.article(rf.get("/"), article.slug)[HEADER] == f"news.article:{article.pk}"
    assert HEADER not in views.article_print(rf.get("/"), article.slug)


def test_print_view_has_the_text_and_the_address(client):
    article = make_article(body="<p>Treść do wydruku.</p>")
    page = html(client, f"{article.get_absolute_url()}drukuj/")
    assert "Treść do wydruku." in page
    assert f"http://127.0.0.1:8000{article.get_absolute_url()}" in page


# --- For machines ---------------------------------------------------------------------------------------------------


def test_search_engines_are_told_what_it_is(client):
    make_office(name="PCPR w Jarzębinie")
    article = make_article(title='Tytuł z "cudzysłowem" i </script>')
    photo = make_photo(article)
    data = json_ld(html(client, article.get_absolute_url()))["NewsArticle"]
    assert data["headline"] == article.title
    assert data["image"] == [f"http://127.0.0.1:8000{photo.largest_url}"]
    assert data["publisher"]["name"] == "PCPR w Jarzębinie"
    assert datetime.fromisoformat(data["datePublished"]) == article.publish_at.replace(microsecond=0)


def test_link_is_shown_with_the_cover_elsewhere(client):
    article = make_article(title="Tytuł", lead="Lead.")
    photo = make_photo(article)
    page = html(client, article.get_absolute_url())
    assert '<meta property="og:title" content="Tytuł">' in page
    assert f'<meta property="og:image" content="http://127.0.0.1:8000{photo.largest_url}">' in page
    assert '<meta property="article:published_time"' in page
