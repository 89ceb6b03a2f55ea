"""What stands around every page: menu, banners, footer, and the pages for errors."""

import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from institutions.models import Office, OfficeAccount
from portal.pages import errors, furniture
from portal.pages.models import Banner, Severity
from tests.make import in_days, make_office, make_page

pytestmark = pytest.mark.django_db


def html(client, address: str = "/") -> str:
    return client.get(address).content.decode()


def menu(page: str) -> list[str]:
    return re.findall(r"<a [^>]*data-menu[^>]*>([^<]+)</a>", page)


def current(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]+)" data-menu aria-current="(\w+)"', page)


def test_menu_holds_the_sections_and_the_pages_chosen_for_it(client):
    make_page(title="Piecza zastępcza i rodzina", menu_title="Piecza", is_in_menu=True, position=2)
    make_page(title="O nas", is_in_menu=True, position=1)
    make_page(title="Polityka cookies")
    make_page(title="Szkic", is_in_menu=True, status="draft")
    sections = ["Aktualności", "Ogłoszenia", "Jak załatwić sprawę", "Placówki", "Wydarzenia", "Kontakt"]
    assert menu(html(client)) == [*sections, "O nas", "Piecza"]


def test_page_outside_the_menu_is_linked_in_the_footer(client):
    make_page(title="Polityka cookies")
    assert "Polityka cookies" in html(client).partition("<footer")[2]


@pytest.mark.parametrize(
    "address, expected",
    [
        ("/", []),
        ("/kontakt/", [("/kontakt/", "page")]),
        ("/ogloszenia/archiwum/", [("/ogloszenia/", "true")]),
        ("/o-nas/historia/", [("/o-nas/", "true")]),
        ("/szukaj/", []),
    ],
)
def test_current_section_is_marked(client, settings, address, expected):
    settings.FURNITURE_CACHE_SECONDS = 60  # the header that others have seen must serve as well
    make_page(title="Historia", parent=make_page(title="O nas", is_in_menu=True))
    html(client, "/wydarzenia/")
    assert current(html(client, address)) == expected


@pytest.mark.parametrize(
    "starts, ends, is_shown",
    [(-1, 1, True), (-1, None, True), (1, 2, False), (-2, -1, False)],
    ids=["now", "endless", "to come", "over"],
)
def test_banner_is_shown_between_its_start_and_end(client, starts, ends, is_shown):
    Banner.objects.create(text="Awaria", starts_at=in_days(starts), ends_at=ends and in_days(ends))
    assert ("Awaria" in html(client)) is is_shown


def test_graver_banner_stands_first_and_each_says_its_severity_in_words(client):
    Banner.objects.create(text="Zmiana godzin", severity=Severity.INFO, link="/kontakt/", link_text="Godziny")
    Banner.objects.create(text="Powódź", severity=Severity.DANGER, starts_at=in_days(-3))
    texts = re.findall(r"<strong>([^<]+)</strong> <span>([^<]+)", html(client).partition("</section>")[0])
    assert [(word, text.strip()) for word, text in texts] == [
        ("Zagrożenie:", "Powódź"),
        ("Informacja:", "Zmiana godzin"),
    ]
    assert '<a href="/kontakt/">Godziny</a>' in html(client)


def test_footer_has_the_whole_contact_block_with_e_delivery_first(client):
    office = make_office(
        ade="AE:PL-12345-67890-ABCDE-25",
        epuap_box="/pcpr/SkrytkaESP",
        bip_url="https://bip.example/",
        nip="1234563218",
        regon="123456785",
        dpo_email="iod@jarzebin.example",
        coordinator_name="Lucyna Brzozowiec",
        funding_note="Portal dofinansowano.",
    )
    OfficeAccount.objects.create(office=office, label="wpłaty", number="00 0000 1234")
    make_page(title="Deklaracja dostępności")
    footer = html(client).partition("<footer")[2]
    in_this_order = [
        "ul. Klonowa 12", office.ade, "13 000 10 10", office.bip_url, office.epuap_box, office.nip, office.regon,
        "00 0000 1234", office.dpo_email, office.coordinator_name, "Deklaracja dostępności", "/mapa-strony/",
        office.funding_note,
    ]  # fmt: skip
    places = [footer.find(text) for text in in_this_order]
    assert -1 not in places
    assert places == sorted(places)


def test_pages_set_no_cookie_and_depend_on_none(client):
    make_office()
    for address in ("/", "/kontakt/", "/mapa-strony/", "/brak/"):
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_furniture_asks_the_database_only_when_it_is_made_anew(settings):
    settings.FURNITURE_CACHE_SECONDS = 60
    make_office()
    with CaptureQueriesContext(connection) as made:
        furniture.furniture()
    with CaptureQueriesContext(connection) as kept:
        furniture.furniture()
    assert len(made) <= 6 and len(kept) == 0


def test_page_not_found_names_the_phone_of_the_office(client):
    make_office()
    response = client.get("/brak/")
    assert response.status_code == 404
    assert 'href="tel:+48130001010"' in response.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def no_database(monkeypatch):
    def fail():
        raise DatabaseError("away")

    monkeypatch.setattr(Office, "current", fail)


def test_error_page_names_the_phone_of_the_office(rf):
    make_office()
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "13 000 10 10" in response.content.decode()


def test_error_page_remembers_the_phone_when_the_database_is_away(rf, monkeypatch, request):
    make_office()
    furniture.furniture()
    cache.delete(f"{furniture.CACHE_KEY}-pl")
    request.getfixturevalue("no_database")
    assert "13 000 10 10" in errors.server_error(rf.get("/")).content.decode()


def test_error_page_answers_when_nothing_is_known(rf, no_database, monkeypatch):
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500 and "<h1>" in response.content.decode()
    monkeypatch.setattr(errors, "render_to_string", lambda *_: 1 / 0)
    assert errors.server_error(rf.get("/")).content
