"""What a resident finds on the home page."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from institutions.models import HelpLine, OfficeHours
from portal.pages.models import Tile
from tests.make import in_days, make_article, make_event, make_institution, make_notice, make_office, make_photo

pytestmark = pytest.mark.django_db
MONDAY_AT_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Warsaw"))


def home(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def section(page: str, name: str) -> str:
    """The part of the page whose heading has the id `name`."""
    return re.search(rf'aria-labelledby="{name}".*?</section>', page, re.DOTALL).group()


def make_help_line(number: str, **fields):
    return HelpLine.objects.create(**{"number": number, "name": "Telefon", "verified_on": date(2026, 11, 1), **fields})


def test_strip_shows_the_chosen_help_lines_under_their_short_names(client):
    make_help_line("112", name="Numer alarmowy", is_in_strip=True, position=1)
    make_help_line("800 120 002", name="Niebieska Linia – Ogólnopolskie Pogotowie", is_in_strip=True, position=2)
    make_help_line("116 000")
    strip = section(home(client), "help-strip")
    assert re.findall(r'href="(tel:\d+)"', strip) == ["tel:112", "tel:800120002"]
    assert "Niebieska Linia" in strip and "Pogotowie" not in strip


def test_pinned_article_comes_first_then_the_newest(client):
    make_article(title="Wczoraj", publish_at=in_days(-1))
    make_article(title="Dawno, przypięty", publish_at=in_days(-90), is_pinned=True)
    make_article(title="Tydzień temu", publish_at=in_days(-7))
    make_article(title="Szkic", status="draft")
    titles = re.findall(r'class="card__title"><a [^>]*>([^<]+)', home(client))
    assert titles == ["Dawno, przypięty", "Wczoraj", "Tydzień temu"]


def test_first_picture_is_fetched_at_once_and_the_others_when_they_are_near(client):
    for days in (1, 2, 3):
        make_photo(make_article(publish_at=in_days(-days)))
    news = section(home(client), "news")
    assert news.count('fetchpriority="high"') == 1
    assert news.count('loading="lazy"') == 2


def test_notices_with_the_nearest_deadlines_are_shown_and_closed_ones_not(client):
    make_notice(title="Za miesiąc", deadline_at=in_days(30))
    make_notice(title="Jutro", deadline_at=in_days(1))
    make_notice(title="Po terminie", deadline_at=in_days(-1))
    assert re.findall(r'entry__title"><a [^>]*>([^<]+)', section(home(client), "notices")) == ["Jutro", "Za miesiąc"]


def test_coming_events_stand_beside_their_dates(client):
    make_event(title="Narada", starts_at=MONDAY_AT_TEN, publish_at=MONDAY_AT_TEN - timedelta(days=30))
    make_event(title="Miniona", starts_at=in_days(-400))
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=ZoneInfo("Europe/Warsaw")), tick=False):
        events = section(home(client), "events")
    assert '<time class="date-block" datetime="2026-11-23">' in events
    assert "Narada" in events and "Miniona" not in events


@pytest.mark.parametrize(
    "moment, words",
    [
        (MONDAY_AT_TEN, ["Dziś czynne 7:30–15:30", "otwarte"]),
        (MONDAY_AT_TEN.replace(hour=18), ["Dziś czynne 7:30–15:30", "zamknięte"]),
        (MONDAY_AT_TEN.replace(day=22), ["Dziś nieczynne"]),
    ],
)
def test_office_says_its_hours_of_today(client, moment, words):
    OfficeHours.objects.create(office=make_office(), weekday=0, opens=time(7, 30), closes=time(15, 30))
    with time_machine.travel(moment, tick=False):
        card = " ".join(re.sub(r"<[^>]+>", " ", section(home(client), "office-today")).split())
    assert all(word.casefold() in card.casefold() for word in words), card


def test_finder_leads_to_the_institutions_it_promises(client):
    make_institution(name="DPS Pod Lipami", type="dps", municipality="Jarzębin")
    make_institution(name="WTZ Promyk", type="wtz", municipality="Olszyny")
    finder = section(home(client), "finder")
    assert 'action="/placowki/"' in finder
    fields = re.findall(r'<select name="(\w+)"', finder)
    found = client.get("/placowki/", dict(zip(fields, ["dps", "Jarzębin"], strict=True))).content.decode()
    assert "DPS Pod Lipami" in found and "WTZ Promyk" not in found


def test_tiles_in_use_are_shown_in_their_order(client):
    Tile.objects.create(title="Druga", url="/b/", position=2)
    Tile.objects.create(title="Pierwsza", url="/a/", position=1)
    Tile.objects.create(title="Schowana", url="/c/", is_active=False)
    page = home(client)
    assert page.index("Pierwsza") < page.index("Druga")
    assert "Schowana" not in page


def test_where_there_is_nothing_yet_a_way_on_is_offered(client):
    page = home(client)
    assert 'href="/ogloszenia/archiwum/"' in section(page, "notices")
    assert 'href="/wydarzenia/archiwum/"' in section(page, "events")
