"""A shelter's address is in no output of the directory and the calendar, and no filter tells where it is."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.make import in_days, make_event, make_institution

pytestmark = pytest.mark.django_db
ADDRESS = {
    "street": "ul. Skryta 7",
    "postal_code": "38-094",
    "town": "Modrzewiec",
    "municipality": "Modrzewiec",
    "latitude": 49.7842,
    "longitude": 21.7398,
    "getting_there": "Autobus do pętli.",
    "accessibility_note": "Wejście od podwórza.",
}
STREET = ["Skryta", "skryta", "38-094", "49.784", "49,784", "21.739", "21,739", "pętli", "podwórza"]
SECRETS = {"hidden": [*STREET, "Modrzewiec", "modrzewiec"], "town_only": STREET}


@pytest.fixture(params=SECRETS)
def visibility(request):
    return request.param


@pytest.fixture
def shelter(visibility):
    shelter = make_institution(name="Przystań", address_visibility=visibility, places_free=2, **ADDRESS)
    event = make_event(
        title="Dyżur w schronieniu", institution=shelter, session={"room": "sala na piętrze", "mode": "hybrid"}
    )
    event.parties.create(role="host", institution=shelter)
    make_event(title="Miniony dyżur", institution=shelter, starts_at=in_days(-20))
    return shelter


def outputs(shelter) -> list[str]:
    event = shelter.hosted_sessions.latest("starts_at").event
    this_month = f"{event.starts_at:%Y-%m}"
    return [
        reverse("institutions:list"),
        reverse("institutions:list") + "?wolne=on&q=przystan",
        reverse("institutions:map_data"),
        shelter.get_absolute_url(),
        reverse("events:list"),
        reverse("events:month", args=[this_month]),
        reverse("events:archive"),
        event.get_absolute_url(),
        reverse("events:ics", args=[event.slug]),
        reverse("events:calendar"),
    ]


def test_no_output_holds_it(shelter, visibility):
    for address in outputs(shelter):
        response = Client().get(address)
        assert response.status_code == 200, address
        # Lines of calendars are folded: a secret cut in two would not be found.
        text = response.content.decode().replace("\r\n ", "")
        found = [secret for secret in SECRETS[visibility] if secret in text]
        assert not found, address


def test_its_own_page_and_its_event_are_shown_all_the_same(shelter):
    assert "Przystań" in Client().get(shelter.get_absolute_url()).content.decode()
    assert "Dyżur w schronieniu" in Client().get(reverse("events:list")).content.decode()


def test_it_has_no_pin_on_the_map(shelter):
    assert Client().get(reverse("institutions:map_data")).json()["features"] == []


def names_found(**query) -> bool:
    return "Przystań" in Client().get(reverse("institutions:list"), query).content.decode()


@pytest.mark.parametrize("text", ["Skryta", "38-094", "pętli", "49.7842", "7"])
def test_asking_for_the_street_does_not_find_it(text, shelter):
    assert names_found(q="przystan")
    assert not names_found(q=f"przystan {text}")
    assert not names_found(q=text)


def test_only_the_town_that_may_be_known_finds_it(shelter, visibility):
    make_institution(name="Inna", municipality="Modrzewiec")
    assert names_found(q="przystan modrzewiec") is (visibility == "town_only")
    assert names_found(gmina="Modrzewiec") is (visibility == "town_only")


def test_a_municipality_with_nothing_but_a_shelter_is_not_offered():
    make_institution(address_visibility="hidden", **ADDRESS)
    assert "Modrzewiec" not in Client().get(reverse("institutions:list")).content.decode()


def test_the_map_of_a_municipality_tells_nothing_either(shelter):
    data = Client().get(reverse("institutions:map_data"), {"gmina": "Modrzewiec"}).json()
    assert data["features"] == []


def test_a_hidden_place_is_not_told_by_what_it_hosts():
    """Who was at a meeting knows the house: the shelter's page must not say that the meeting was there."""
    hidden = make_institution(address_visibility="hidden", **ADDRESS)
    make_event(title="Szkolenie w nieznanym domu", institution=hidden)
    make_event(title="Szkolenie ogłoszone").parties.create(role="organizer", institution=hidden)
    page = Client().get(hidden.get_absolute_url()).content.decode()
    assert "Szkolenie w nieznanym domu" not in page
    assert "Szkolenie ogłoszone" in page


def test_the_room_in_a_hidden_house_is_not_told():
    hidden = make_institution(name="Przystań", address_visibility="hidden", **ADDRESS)
    event = make_event(institution=hidden, session={"room": "sala na piętrze"})
    page = Client().get(event.get_absolute_url()).content.decode()
    assert "sala na piętrze" not in page and "Przystań" not in page


def test_becoming_public_shows_it_everywhere(shelter):
    """The other way round, so that the tests above cannot pass for want of anything to find."""
    shelter.address_visibility = "public"
    shelter.save()
    pages = {address: Client().get(address).content.decode() for address in outputs(shelter)}
    for name in [shelter.get_absolute_url(), reverse("institutions:list"), reverse("institutions:map_data")]:
        assert "ul. Skryta 7" in pages[name]
    assert "ul. Skryta 7" in pages[reverse("events:calendar")].replace("\r\n ", "").replace("\\,", ",")
