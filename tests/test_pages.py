"""Static pages in their tree, the contact page, and the answers for programs."""

import json
import os
import re
import time
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from institutions.models import FundedProject, HelpLine, InstitutionType, OfficeAccount
from news.models import Article, Category
from portal.backup import archive
from portal.content.tick import note_round
from portal.counters import journal
from portal.pages import views
from tests.make import (
    in_days,
    jpeg,
    make_article,
    make_attachment,
    make_institution,
    make_office,
    make_page,
    make_user,
)

pytestmark = pytest.mark.django_db


def html(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.fixture
def about():
    return make_page(title="O nas")


@pytest.fixture
def history(about):
    return make_page(title="Historia", parent=about)


def test_page_stands_below_the_one_it_belongs_to(client, history):
    assert "<h1>Historia</h1>" in html(client, "/o-nas/historia/")


@pytest.mark.parametrize("wrong", ["/historia/", "/kontakty/historia/", "/historia/?utm=1"])
def test_wrong_path_leads_for_good_to_the_right_one(client, history, wrong):
    response = client.get(wrong)
    assert response.status_code == 301
    assert response["Location"].partition("?")[0] == "/o-nas/historia/"


@pytest.mark.parametrize("address", ["/brak/", "/o-nas/brak/", "/o-nas/historia/dalej/", "/o-nas/%00/", "/żółć/"])
def test_unknown_path_is_not_found(client, history, address):
    assert client.get(address).status_code == 404


def test_page_lists_those_below_it_and_they_their_sisters(client, about, history):
    make_page(title="Struktura", parent=about)
    make_page(title="Szkic", parent=about, status="draft")
    for address in ("/o-nas/", "/o-nas/historia/"):
        aside = re.search(r"side-menu.*?</nav>", html(client, address), re.DOTALL).group()
        assert "Struktura" in aside and "Historia" in aside
        assert "Szkic" not in aside


def test_breadcrumbs_lead_up_and_are_told_to_search_engines(client, history):
    page = html(client, "/o-nas/historia/")
    trail = re.search(r'<nav class="breadcrumbs.*?</nav>', page, re.DOTALL).group()
    assert re.findall(r'href="([^"]+)"', trail) == ["/", "/o-nas/"]
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL).group(1))
    assert [item["name"] for item in data["itemListElement"]][-2:] == ["O nas", "Historia"]


def test_breadcrumbs_do_not_name_a_page_that_is_not_published(client, history):
    type(history).objects.filter(slug="o-nas").update(status="draft", title="Tajne")
    assert "Tajne" not in html(client, "/o-nas/historia/")


def test_title_cannot_end_the_structured_data(client):
    make_page(title="</script><script>alert(1)</script>", slug="zle")
    assert "<script>alert(1)" not in html(client, "/zle/")


def test_attachments_show_format_and_size(client):
    make_attachment(make_page(slug="dokumenty"), title="Statut")
    assert re.search(r"Statut</a> <span[^>]*>PDF, \d+", html(client, "/dokumenty/"))


def test_archived_page_says_so_and_asks_robots_to_stay_away(client):
    make_page(slug="dawna", status="archived")
    page = html(client, "/dawna/")
    assert "state-banner" in page
    assert '<meta name="robots" content="noindex">' in page


def test_help_page_shows_every_help_line_with_the_day_it_was_checked(client):
    make_page(slug="potrzebuje-pomocy")
    HelpLine.objects.create(
        number="116 111",
        name="Telefon zaufania",
        hours="całą dobę",
        source="gov.pl",
        verified_on=timezone.localdate(),
        verified_by="OIK",
    )
    HelpLine.objects.create(number="116 123", name="Wsparcie", verified_on=date(2026, 1, 2), source="gov.pl")
    checked, unchecked = html(client, "/potrzebuje-pomocy/").split("<h3>")[1:]
    assert (
        "całą dobę" in checked
        and f'datetime="{timezone.localdate()}"' in checked
        and "(OIK; źródło: gov.pl)" in checked
    )
    assert "dawno niesprawdzone" in unchecked and "dawno niesprawdzone" not in checked


@pytest.mark.parametrize("slug, is_counted", [("o-nas", True), ("potrzebuje-pomocy", False), ("przemoc-domowa", False)])
def test_who_looks_for_help_is_not_counted(rf, slug, is_counted):
    make_page(slug=slug)
    assert views.page(rf.get(f"/{slug}/"), slug).has_header(journal.HEADER) is is_counted


def test_a_page_for_people_in_danger_does_not_give_its_reader_away(client):
    make_office(quick_exit_url="https://pogoda.example/")
    make_page(slug="przemoc-domowa", title="Przemoc domowa", lead="Ktoś Cię krzywdzi?")
    make_page(slug="ucieczka", title="Ucieczka z domu", is_sensitive=True)
    for address, title in (("/przemoc-domowa/", "Przemoc domowa"), ("/ucieczka/", "Ucieczka z domu")):
        page = html(client, address)
        head = page.partition("</head>")[0]
        assert title not in head and "krzywdzi" not in head
        assert f"<h1>{title}</h1>" in page
        exit_link = re.search(r"<a [^>]*data-quick-exit[^>]*>", page)[0]
        assert 'href="https://pogoda.example/"' in exit_link and 'rel="nofollow noreferrer"' in exit_link
        assert "historii przeglądarki" in page


def test_other_pages_have_no_quick_exit(client):
    make_page(slug="o-nas", title="O nas")
    page = html(client, "/o-nas/")
    assert "data-quick-exit" not in page and "<title>O nas" in page


def test_the_help_page_names_the_crisis_centre_and_never_a_hidden_address(client):
    make_page(slug="potrzebuje-pomocy")
    oik = InstitutionType.objects.get(code="oik")
    centre = make_institution(
        name="Ośrodek Interwencji Kryzysowej", type=oik, is_24_7=True, street="ul. Cicha 9", town="Olszyny"
    )
    centre.phones.create(number="13 000 11 11", is_main=True)
    make_institution(name="Schronienie", type=oik, address_visibility="hidden", street="ul. Ukryta 3", town="Brzezina")
    page = html(client, "/potrzebuje-pomocy/")
    assert page.index("Ośrodek Interwencji Kryzysowej") < page.index("Schronienie")
    assert "ul. Cicha 9" in page and "tel:+48130001111" in page
    assert "Ukryta" not in page and "Brzezina" not in page


def test_projects_show_their_money_and_their_notice(client):
    make_page(slug="projekty")
    FundedProject.objects.create(
        title="Bliżej rodziny", slug="blizej", grant_amount=2465000, notice="Dofinansowano z budżetu."
    )
    page = html(client, "/projekty/")
    assert "Dofinansowano z budżetu." in page
    assert "2 465 000 zł" in page.replace("\xa0", " ").replace("&nbsp;", " ")


def test_contact_page_puts_e_delivery_before_epuap_and_says_what_epuap_is_for(client):
    make_office(ade="AE:PL-12345-67890-ABCDE-25", epuap_box="/pcpr/SkrytkaESP", epuap_url="https://epuap.example/pcpr")
    page = re.search(r"<main.*</main>", html(client, "/kontakt/"), re.DOTALL).group()
    assert page.index("AE:PL-12345-67890-ABCDE-25") < page.index("/pcpr/SkrytkaESP")
    assert "przepis szczególny" in page


def test_contact_page_holds_all_of_the_office(client):
    office = make_office(
        nip="1234563218", regon="123456785", dpo_name="Norbert Jarzmikowski", coordinator_phone="13 000 12 40"
    )
    OfficeAccount.objects.create(office=office, label="zwroty", number="00 0000 1234")
    page = re.search(r"<main.*</main>", html(client, "/kontakt/"), re.DOTALL).group()
    for known in [
        "ul. Klonowa 12",
        "13 000 10 10",
        "1234563218",
        "123456785",
        "Norbert Jarzmikowski",
        "13 000 12 40",
        "00 0000 1234",
    ]:
        assert known in page


def test_site_map_lists_pages_and_institutions_that_can_be_seen(client, history):
    make_institution(name="DPS Pod Lipami")
    make_institution(name="Sąd Rejonowy", is_listed=False)
    make_page(title="Jutrzejsza", publish_at=in_days(1))
    page = html(client, "/mapa-strony/")
    assert "/o-nas/historia/" in page and "DPS Pod Lipami" in page
    assert "Sąd Rejonowy" not in page and "Jutrzejsza" not in page


def test_sitemap_for_programs_names_every_section_and_its_pages(client, settings, history):
    make_article(slug="pierwszy")
    sections = re.findall(r"<loc>[^<]*(/sitemap-\w+\.xml)</loc>", client.get("/sitemap.xml").content.decode())
    assert len(sections) == 7
    addresses = "".join(client.get(section).content.decode() for section in sections)
    for path in ("/", "/o-nas/historia/", "/aktualnosci/pierwszy/", "/placowki/", "/wydarzenia/"):
        assert f"<loc>{settings.SITE_URL}{path}</loc>" in addresses


def test_files_of_the_sitemap_hold_a_thousand_addresses(client, django_assert_max_num_queries):
    now = timezone.now()
    common = {"category": Category.objects.first(), "status": "published", "publish_at": now}
    first = 5001  # keys count: each file is of a thousand of them
    rows = (Article(pk=first + n, title=f"A {n}", slug=f"a-{n}", **common) for n in range(1001))
    Article.objects.bulk_create(rows)
    with django_assert_max_num_queries(20):
        index = client.get("/sitemap.xml").content.decode()
    assert "/sitemap-aktualnosci.xml?p=2</loc>" in index and "?p=3" not in index
    full, last = (client.get(f"/sitemap-aktualnosci.xml?p={page}").content.decode() for page in (1, 2))
    assert (full.count("<loc>"), last.count("<loc>")) == (1000, 1)
    latest = timezone.localtime(Article.objects.latest("updated_at").updated_at)
    assert f"<lastmod>{latest.isoformat()}</lastmod>"[:20] in index


def test_robots_are_told_of_the_sitemap(client, settings):
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_coat_of_arms_is_the_drawn_one_until_the_office_gives_its_own(client):
    office = make_office()
    assert client.get("/herb/")["Location"].endswith(".svg")
    office.coat_of_arms = jpeg(120, 140)
    office.save()
    response = client.get("/herb/")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert "/herb/?v=" in html(client, "/")


def test_colour_of_the_county_is_a_stylesheet_only_where_it_differs(client):
    office = make_office()
    assert "/barwy.css" not in html(client, "/")
    office.accent_color = "#7a1f3d"
    office.save()
    link = re.search(r'href="(/barwy\.css[^"]*)"', html(client, "/")).group(1)
    response = client.get(link)
    assert response.content == b":root{--accent:#7a1f3d}"
    assert response["Content-Type"].startswith("text/css")


def test_portal_is_ready_only_with_its_database(client, monkeypatch):
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(connection, "cursor", lambda: (_ for _ in ()).throw(DatabaseError("away")))
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


@pytest.fixture
def own_files(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    return tmp_path


def test_portal_is_not_ready_while_tick_does_not_run(client, own_files):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode()) == (503, "tick overdue: never")
    note_round()
    assert client.get("/readyz").status_code == 200
    three_hours_ago = time.time() - 3 * 60 * 60
    os.utime(own_files / "tick-alive", (three_hours_ago, three_hours_ago))
    assert client.get("/readyz").content.decode() == "tick overdue: 3.0 h"


def test_portal_is_not_ready_without_a_fresh_backup_where_one_is_wanted(client, own_files, settings):
    make_office()
    note_round()
    assert client.get("/readyz").status_code == 200
    settings.BACKUP_MAX_HOURS = 26
    assert client.get("/readyz").content.decode() == "backup overdue: never"
    archive.note_success()
    assert client.get("/readyz").status_code == 200
    (own_files / "last-backup").write_text((timezone.now() - timedelta(hours=30)).isoformat())
    assert client.get("/readyz").content.decode() == "backup overdue: 30.0 h"


def test_the_board_says_what_does_not_run(client, own_files, settings):
    make_office()
    settings.BACKUP_MAX_HOURS = 26
    client.force_login(make_user(groups=["Redaktor"]))
    page = html(client, "/admin/")
    assert "Coś nie działa" in page and "Nie ma świeżej kopii zapasowej (nigdy)" in page
    note_round()
    archive.note_success()
    assert "Coś nie działa" not in html(client, "/admin/")
