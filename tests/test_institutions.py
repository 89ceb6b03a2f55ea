"""The directory as a resident sees it: the list with its filters, the map's data, the page of an institution."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.models import ServedGroup
from tests.make import in_days, make_article, make_event, make_institution, make_notice, make_user

pytestmark = pytest.mark.django_db
LIST = "/placowki/"


def read(address: str, **query) -> str:
    return Client().get(address, query).content.decode()


def listed(**query) -> list[str]:
    return re.findall(r'entry__title"><a href="[^"]+">([^<]+)<', read(LIST, **query))


def structured(page: str) -> dict:
    blocks = [json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.+?)</script>', page)]
    return next(block for block in blocks if block["@type"] != "BreadcrumbList")


def serving(code: str, **fields):
    institution = make_institution(**fields)
    institution.serves.add(ServedGroup.objects.get(code=code))
    return institution


# --- The list ---------------------------------------------------------------------------------------------------------


def test_from_a_to_z_in_polish_order():
    for name in ["Żary", "Łódź", "Lublin", "Świdnik", "Ćmielów", "Czersk", "Zamość", "Źródła"]:
        make_institution(name=name)
    assert listed() == ["Czersk", "Ćmielów", "Lublin", "Łódź", "Świdnik", "Zamość", "Źródła", "Żary"]


def test_grouped_by_what_they_do_in_the_order_of_the_types():
    make_institution(name="Dom seniora", type="dps")
    make_institution(name="Zasiłki", type="ops")
    make_institution(name="Azyl", type="oik")
    headings = re.findall(r"<h2 id=\"[a-z_]+\">([^<]+)<", read(LIST))
    assert headings == ["Pomoc społeczna", "Domy i mieszkania", "Pomoc w kryzysie"]
    assert listed() == ["Zasiłki", "Dom seniora", "Azyl"]


def test_courts_and_other_unlisted_partners_have_no_place_in_it():
    make_institution(name="Sąd Rejonowy", is_listed=False)
    assert listed() == []
    assert Client().get(LIST + "sad-rejonowy/").status_code == 404


def test_filter_by_type():
    make_institution(name="Dom", type="dps")
    make_institution(name="Ośrodek", type="oik")
    assert listed(typ="oik") == ["Ośrodek"]


def test_filter_by_municipality():
    make_institution(name="Tu", municipality="Modrzewiec")
    make_institution(name="Tam", municipality="Olszyny")
    assert listed(gmina="Modrzewiec") == ["Tu"]


def test_filter_by_whom_it_serves():
    serving("seniors", name="Dla seniorów")
    serving("children", name="Dla dzieci")
    assert listed(dla="seniors") == ["Dla seniorów"]


def test_filter_by_free_places():
    for number in (None, 0, 2):
        make_institution(name=f"Wolne: {number}", places_free=number, places_as_of=timezone.localdate())
    assert listed(wolne="on") == ["Wolne: 2"]


@pytest.mark.parametrize("text", ["zrodlo", "ŹRÓDŁO", "dom zrodlo", "modrzewiec", "lesna", "uzaleznien"])
def test_text_is_found_without_polish_letters(text):
    make_institution(
        name="Dom „Źródło”", lead="Terapia uzależnień.", street="ul. Leśna 4", town="Modrzewiec", type="dps"
    )
    make_institution(name="Inny", type="oik")
    assert listed(q=text) == ["Dom „Źródło”"]


def test_every_word_must_be_found():
    make_institution(name="Dom „Źródło”")
    assert listed(q="dom jezioro") == []


def test_the_filters_offer_only_what_leads_somewhere():
    make_institution(type="oik", municipality="Modrzewiec")
    make_institution(type="dps", municipality="Olszyny", status="draft")
    page = read(LIST)
    assert 'value="oik"' in page and 'value="dps"' not in page
    assert "Modrzewiec</option>" in page and "Olszyny</option>" not in page


def test_an_unknown_value_is_named_and_shows_all():
    make_institution(name="Dom")
    assert listed(typ="zamek", gmina="Atlantyda", dla="wszyscy") == ["Dom"]
    assert _("There is no such choice here, so all are shown.") in read(LIST, typ="zamek")


def test_nothing_found_leads_on():
    page = read(LIST, q="nie ma takiego")
    assert _("No institution matches these filters.") in page and _("Show all institutions") in page


def test_the_map_has_the_institutions_of_the_list():
    make_institution(name="Dom", type="dps", latitude=50.1, longitude=21.5)
    make_institution(name="Ośrodek", type="oik", latitude=50.2, longitude=21.6)
    make_institution(name="Bez położenia", type="dps")
    data = Client().get(reverse("institutions:map_data"), {"typ": "dps"}).json()
    (feature,) = data["features"]
    assert feature["properties"]["name"] == "Dom"
    assert feature["geometry"]["coordinates"] == [21.5, 50.1]
    assert "mapa.json?typ=dps" in read(LIST, typ="dps")


def test_without_scripts_the_map_is_not_there():
    make_institution()
    assert re.search(r'id="map"[^>]+hidden>', read(LIST))


# --- The page ---------------------------------------------------------------------------------------------------------


def test_it_says_how_to_reach_it():
    institution = make_institution(email="dom@jarzebin.example", getting_there="Przystanek „Klonowa”.")
    institution.phones.create(label="recepcja", number="13 000 12 00", extension="21")
    page = read(institution.get_absolute_url())
    for part in ["tel:+48130001200", "mailto:dom@jarzebin.example", "ul. Klonowa 12, 38-099 Jarzębin", "„Klonowa”"]:
        assert part in page


def test_the_way_in_is_told_in_words_and_the_unknown_is_not():
    institution = make_institution(step_free_entrance="yes", lift="no", accessibility_note="Dzwonek po lewej.")
    page = read(institution.get_absolute_url())
    assert page.count('class="access__fact ') == 2
    assert "Dzwonek po lewej." in page


def test_old_numbers_of_free_places_come_with_a_hint():
    hint = _("These numbers are more than 90 days old.")
    for age, is_stale in [(90, False), (91, True)]:
        day = timezone.localdate() - timedelta(days=age)
        institution = make_institution(places_total=20, places_free=3, places_as_of=day)
        assert (hint in read(institution.get_absolute_url())) is is_stale


def test_agreements_founding_and_head_are_told():
    institution = make_institution(founded=1998, head_role="dyrektor", head_name="Danuta Grabinek")
    institution.agreements.create(county="Powiat wiklinowski", subject="5 miejsc", since=2018)
    page = read(institution.get_absolute_url())
    for part in ["1998", "Danuta Grabinek", "Powiat wiklinowski: 5 miejsc", "2018"]:
        assert part in page


def test_its_five_latest_articles_and_coming_events_and_open_notices():
    institution = make_institution()
    for days in range(7):
        make_article(title=f"Wieść {days}", publish_at=in_days(-days - 1), institutions=[institution])
    make_event(title="Warsztat", institution=institution)
    make_event(title="Miniony", institution=institution, starts_at=in_days(-3))
    make_event(title="Gdzie indziej").parties.create(institution=institution, role="organizer")
    make_event(title="Tylko partner").parties.create(institution=institution, role="partner")
    make_notice(title="Nabór", unit=institution, deadline_at=in_days(3))
    make_notice(title="Po terminie", unit=institution, deadline_at=in_days(-3))
    page = read(institution.get_absolute_url())
    for part in ["Wieść 0", "Wieść 4", "Warsztat", "Gdzie indziej", "Nabór"]:
        assert part in page
    for part in ["Wieść 5", "Miniony", "Tylko partner", "Po terminie"]:
        assert part not in page


def test_an_event_it_both_hosts_and_organises_stands_there_once():
    institution = make_institution()
    event = make_event(title="Warsztat", institution=institution)
    event.parties.create(institution=institution, role="organizer")
    event.parties.create(institution=institution, role="host")
    assert read(institution.get_absolute_url()).count(">Warsztat</a>") == 1


def test_a_supervising_unit_that_is_not_listed_is_named_without_a_link():
    unit = make_institution(name="Starostwo", is_listed=False)
    page = read(make_institution(supervising_unit=unit).get_absolute_url())
    assert "Starostwo" in page and "/placowki/starostwo/" not in page


def test_search_engines_are_told_where_it_is_and_when_open():
    institution = make_institution(name="Dom", latitude=50.1, longitude=21.5)
    institution.hours.create(weekday=0, opens="07:30", closes="15:30")
    data = structured(read(institution.get_absolute_url()))
    assert data["@type"] == "GovernmentOrganization"
    assert data["address"]["streetAddress"] == "ul. Klonowa 12"
    assert data["location"]["geo"]["latitude"] == 50.1
    assert data["location"]["openingHoursSpecification"][0]["dayOfWeek"] == "Monday"


def test_the_old_address_leads_to_the_new_one():
    institution = make_institution(name="Stary Dom")
    institution.name = "Nowy Dom"
    institution.save()
    response = Client().get("/placowki/stary-dom/")
    assert (response.status_code, response["Location"]) == (301, "/placowki/nowy-dom/")


def test_staff_see_a_draft_on_its_page_and_nobody_else_does():
    draft = make_institution(name="Nowy dom", status="draft")
    client = Client()
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(make_user(is_superuser=True))
    response = client.get(draft.get_absolute_url())
    assert response.status_code == 200 and "no-store" in response["Cache-Control"]


def test_what_is_archived_asks_robots_not_to_index_it():
    archived = make_institution(status="archived")
    assert '<meta name="robots" content="noindex">' in read(archived.get_absolute_url())
