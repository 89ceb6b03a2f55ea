"""A person asks what the office knows of them, or to be forgotten."""

import json

import pytest

from events.registration import erasure, seats
from events.registration.models import Erasure, Needs, PeopleAccess, Registration
from portal.outbox.models import Message
from tests.make import make_office, make_registration, make_signup, make_user
from tests.test_retention import everything

pytestmark = pytest.mark.django_db
EMAIL = "Helena.ZZTEST@poczta.example"


@pytest.fixture(autouse=True)
def office():
    return make_office()


@pytest.fixture
def administrator(client):
    user = make_user(groups=["Administrator"])
    client.force_login(user)
    return user


@pytest.fixture
def person():
    """Two registrations under one address, and somebody who waits behind the first."""
    first = make_registration(
        make_signup(capacity=1), "Helena ZZTESTowa", email=EMAIL, remarks="ZZTEST", needs={"other": "ZZTEST"}
    )
    make_registration(make_signup(), "Helena ZZTESTowa", email=EMAIL.lower())
    return first


def page(registration) -> str:
    return f"/admin/registration/signup/find/person/?uid={registration.uid}"


def test_a_copy_has_everything_of_the_person_and_nothing_of_others(client, administrator, person):
    make_registration(person.signup, "Obcy Człowiek")
    response = client.post(page(person), {"copy": "1"})
    rows = json.loads(response.content)["zgłoszenia"]
    assert len(rows) == 2
    assert rows[0]["uczestnicy"][0]["nazwisko"] == "ZZTESTowa"
    assert (rows[0]["potrzeby"], rows[0]["uwagi"]) == ("ZZTEST", "ZZTEST")
    assert rows[0]["wiadomości"] and rows[0]["historia"]
    assert "Obcy" not in response.content.decode()
    assert PeopleAccess.objects.get().look == "person_export"


def test_erasing_takes_everything_frees_the_seat_and_writes_to_nobody_gone(client, administrator, person):
    behind = make_registration(person.signup)
    response = client.post(page(person), {"is_sure": "on"})
    assert response.status_code == 302
    assert "ZZTEST" not in everything().upper()
    behind.refresh_from_db()
    assert behind.status == "confirmed"
    assert Registration.objects.count() == 3
    assert not Needs.objects.exists()
    letters = Message.objects.about(person)
    assert {letter.status for letter in letters} == {"failed"} and not any(letter.text for letter in letters)
    register = Erasure.objects.get()
    assert register.by == administrator
    assert set(register.registrations) == {str(row.uid) for row in Registration.objects.exclude(pk=behind.pk)}


def test_without_being_sure_nothing_happens(client, administrator, person):
    assert client.post(page(person), {}).context["form"].errors
    assert client.get(page(person)).status_code == 200
    assert not Erasure.objects.exists()


def test_a_legal_hold_forbids_it_and_says_where(client, administrator, person):
    type(person.signup).objects.filter(pk=person.signup.pk).update(legal_hold=True)
    response = client.post(page(person), {"is_sure": "on"})
    assert person.signup.event.title in response.content.decode()
    assert Registration.objects.filter(anonymised_at=None).count() == 2


def test_whom_the_register_names_is_erased_again_from_a_backup(administrator, person):
    done = erasure.erase(erasure.of_same_person(person), administrator)
    # The backup, put back, knows the person still.
    Registration.objects.filter(pk=person.pk).update(
        email="zztest@poczta.example", email_norm="zztest@poczta.example", anonymised_at=None, contact_erased_at=None,
    )  # fmt: skip
    assert erasure.replay() == 1
    assert erasure.replay() == 0
    assert "zztest" not in everything()
    assert str(person.uid) in done.registrations


def test_without_an_address_only_the_chosen_one_is_meant():
    signup, clerk = make_signup(), seats.staff(make_user())
    first, _second = (make_registration(signup, name, by=clerk, email="") for name in ("Jan Lis", "Ola Lis"))
    assert list(erasure.of_same_person(first)) == [first]


def test_only_administrators_may(client, person):
    client.force_login(make_user(groups=["Organizator"]))
    assert client.get(page(person)).status_code == 403
    assert client.post(page(person), {"is_sure": "on"}).status_code == 403


@pytest.mark.parametrize("uid", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_nobody_is_found_under_a_mistyped_address(client, administrator, uid):
    assert client.get(f"/admin/registration/signup/find/person/?uid={uid}").status_code == 404
