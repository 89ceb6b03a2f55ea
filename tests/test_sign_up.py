"""A resident signs up without an account: the form, its refusals, and what is never lost."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from events.registration.forms import subject
from events.registration.models import Registration
from portal.content import stamps
from portal.outbox.models import Message
from tests.make import in_days, make_event, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db
GOOD = {"first_name": "Żaneta", "last_name": "Gęślik-Źrebak", "email": "zaneta@poczta.example", "phone": "13 000 10 20"}


@pytest.fixture(autouse=True)
def office():
    return make_office()


def address(signup) -> str:
    return f"/wydarzenia/{signup.event.slug}/zapisy/"


def stamp(signup, age: float = 60) -> str:
    with time_machine.travel(timezone.now() - timedelta(seconds=age)):
        return stamps.make(subject(signup))


def send(client, signup, **fields):
    return client.post(address(signup), {"stamp": stamp(signup), **GOOD, **fields})


def values(response) -> dict[str, str]:
    """What stands in the fields of the form that came back."""
    found = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', response.content.decode())
    return {name: value.replace("&#x27;", "'").replace("&quot;", '"') for name, value in found}


def errors(response) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


# --- Signing up -------------------------------------------------------------------------------------------------------


def test_a_resident_signs_up_and_is_told_what_comes_next(client):
    signup = make_signup(verifies_email=True)
    response = send(client, signup)
    assert response.status_code == 303
    next_page = client.get(response["Location"])
    assert next_page.status_code == 200
    registration = Registration.objects.get()
    assert (registration.status, registration.people[0].name) == ("held", "Żaneta Gęślik-Źrebak")
    assert registration.clause.version == 1
    assert Message.objects.get().to == "zaneta@poczta.example"


def test_neither_the_form_nor_its_answers_set_a_cookie_or_are_stored(client):
    signup = make_signup()
    for response in (client.get(address(signup)), send(client, signup, email=""), send(client, signup)):
        assert not response.cookies
        assert not response.get("Vary", "").count("Cookie")
    assert client.get(address(signup))["Cache-Control"] == "private, no-store"


def test_questions_are_those_that_the_clerk_chose(client):
    signup = make_signup(
        asks_phone="no", asks_institution="required", asks_job_title="optional", asks_town="optional",
        asks_remarks="optional", asks_needs=True, asks_photo_consent=True, max_seats=2,
    )  # fmt: skip
    names = {field.name for field in client.get(address(signup)).context["form"]}
    assert names == {
        "first_name", "last_name", "institution", "job_title", "email", "town", "remarks", "needs", "needs_other",
        "consents", "second_first_name", "second_last_name", "second_institution", "second_job_title",
        "website", "stamp",
    }  # fmt: skip
    assert "institution" in errors(send(client, signup))


def test_needs_and_consents_stand_in_tables_of_their_own(client):
    signup = make_signup(asks_photo_consent=True)
    send(client, signup, needs=["wheelchair", "sign_language"], needs_other="miejsce z przodu", consents=["photo"])
    registration = Registration.objects.get()
    assert (registration.needs.wheelchair, registration.needs.vegetarian) == (True, False)
    assert registration.needs.other == "miejsce z przodu"
    consent = registration.consents.get()
    assert consent.purpose == "photo"
    assert consent.text


def test_a_couple_signs_up_together(client):
    signup = make_signup(max_seats=2)
    send(client, signup, second_first_name="Jan", second_last_name="Gęślik")
    registration = Registration.objects.get()
    assert (registration.seats, registration.participants.count()) == (2, 2)


def test_half_a_second_person_is_asked_for_the_rest(client):
    signup = make_signup(max_seats=2)
    response = send(client, signup, second_first_name="Jan")
    assert "second_last_name" in errors(response)
    assert values(response)["second_first_name"] == "Jan"


def test_an_archived_or_hidden_event_has_no_form(client):
    for fields in ({"status": "draft"}, {"visibility": "internal"}):
        signup = make_signup(make_event(starts_at=in_days(5), **fields))
        assert client.get(address(signup)).status_code == 404
    assert client.get("/wydarzenia/nie-ma-takiego/zapisy/").status_code == 404
    assert client.get(address(make_signup(mode="phone"))).status_code == 404


def test_a_form_opened_in_time_and_sent_too_late_says_so_and_keeps_what_was_typed(client):
    signup = make_signup(closes_at=timezone.now() - timedelta(minutes=1), opens_at=in_days(-5))
    response = send(client, signup)
    assert response.status_code == 409
    assert values(response)["first_name"] == "Żaneta"
    assert not Registration.objects.exists()


# --- Who is registered is nobody else's business ----------------------------------------------------------------------


def test_the_answer_is_the_same_for_an_address_that_is_registered_and_its_mailbox_is_told(client):
    signup = make_signup(capacity=10, verifies_email=True)
    known = make_registration(signup, email="ala@poczta.example")
    stranger, again = send(client, signup), send(client, signup, email="ALA@poczta.example")
    assert (again.status_code, again["Location"]) == (stranger.status_code, stranger["Location"])
    assert list(Message.objects.about(known).order_by("pk").values_list("kind", flat=True)) == ["received", "already"]
    send(client, signup, email="ala@poczta.example")
    assert Message.objects.about(known).count() == 2  # once an hour, whoever tries


# --- Robots -----------------------------------------------------------------------------------------------------------


def test_the_field_for_robots_refuses_but_shows_itself_to_a_person_who_was_trapped(client):
    signup = make_signup()
    response = send(client, signup, website="https://spam.example")
    assert "website" in errors(response)
    assert "form-field--trap" not in response.content.decode()
    assert not Registration.objects.exists()


def test_a_form_sent_faster_than_anybody_types_asks_for_one_more_press(client):
    signup = make_signup()
    quick = stamp(signup, age=0.5)
    response = client.post(address(signup), {**GOOD, "stamp": quick})
    assert response.status_code == 200
    assert not Registration.objects.exists()
    assert values(response) | GOOD == values(response)
    time.sleep(stamps.LEAST_SECONDS)
    assert client.post(address(signup), {**GOOD, "stamp": values(response)["stamp"]}).status_code == 303


@pytest.mark.parametrize("bad", ["", "abc", "x" * 5000, "\x00", "WzEsMl0:1abcde:signature"])
def test_a_stamp_that_is_not_ours_is_replaced_so_that_the_next_press_works(client, bad):
    signup = make_signup()
    response = client.post(address(signup), {**GOOD, "stamp": bad})
    assert response.status_code == 200
    assert not Registration.objects.exists()
    assert stamps.read(values(response)["stamp"], subject(signup))


def test_the_stamp_of_another_event_is_not_taken(client):
    signup, other = make_signup(), make_signup()
    assert send(client, signup, stamp=stamp(other)).status_code == 200
    assert not Registration.objects.exists()


def test_an_old_form_still_works(client):
    signup = make_signup()
    assert send(client, signup, stamp=stamp(signup, age=3 * 24 * 3600)).status_code == 303


def test_too_many_from_one_network_are_asked_to_wait_and_lose_nothing(client, settings):
    settings.SIGNUPS_PER_ADDRESS = 2
    signup = make_signup()
    answers = [send(client, signup, email=f"osoba{number}@poczta.example") for number in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert values(answers[2])["last_name"] == GOOD["last_name"]


# --- Bad input --------------------------------------------------------------------------------------------------------

BAD = {
    "first_name": ["", " ", "x" * 61, "Anna\x00", "Anna\x07", "44051401359", "\ud800"],
    "last_name": ["", "x" * 81, "Lis\x1b[0m"],
    "email": ["", "x", "a@b", "użytkownik@poczta.example", "a b@poczta.example", "x" * 250 + "@poczta.example",
              "a@poczta.example\nBcc: b@poczta.example", "a@poczta.example\x00"],
    "phone": ["brak", "1" * 31, "12\x0034", "+48 000 000 000 000 000 000"],
    "needs": ["lot na Marsa"],
    "needs_other": ["x" * 301, "PESEL 44051401359"],
    "remarks": ["x" * 1001, "a\x00b", "mój numer: 440514 01359"],
}  # fmt: skip


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, found in BAD.items() for value in found])
def test_bad_input_is_named_beside_its_field_and_the_rest_stays(client, field, value):
    signup = make_signup(asks_remarks="optional")
    if value == "\ud800":
        value = b"Anna \xed\xa0\x80"  # what a browser never sends: half a character
    response = send(client, signup, **{field: value})
    if isinstance(value, bytes):  # Django reads it with a replacement mark; it is text, and no error
        assert response.status_code in (200, 303)
        return
    assert response.status_code == 200
    assert list(errors(response)) == [field]
    assert not Registration.objects.exists()
    kept = {name: text for name, text in GOOD.items() if name != field}
    assert values(response) | kept == values(response)


def test_what_is_typed_is_shown_as_text(client):
    signup = make_signup()
    response = send(client, signup, first_name='"><script>alert(1)</script>', email="")
    assert "<script>alert" not in response.content.decode()


def test_spaces_are_evened_out_and_phones_are_taken_as_people_write_them(client):
    signup = make_signup()
    send(client, signup, first_name="  Anna   Maria ", phone="(13) 000-10-20 wew. 12")
    registration = Registration.objects.get()
    assert registration.people[0].first_name == "Anna Maria"
    assert registration.phone == "(13) 000-10-20 wew. 12"


# --- In words on other pages ------------------------------------------------------------------------------------------


def test_the_page_of_the_event_says_in_words_how_the_sign_up_stands(client, settings):
    signup = make_signup(capacity=3)
    page = f"/wydarzenia/{signup.event.slug}/"
    assert "Zostały 3 miejsca" in client.get(page).content.decode()
    for _number in range(4):
        make_registration(signup)
    full = client.get(page).content.decode()
    assert "lista rezerwowa" in full
    assert address(signup) in full


def test_the_list_says_it_too(client):
    make_signup(capacity=1)
    assert "Zostało 1 miejsce" in client.get("/wydarzenia/").content.decode()


def test_an_ended_or_cancelled_event_invites_nobody(client):
    signup = make_signup(make_event(starts_at=in_days(5), run_state="cancelled"))
    assert address(signup) not in client.get(f"/wydarzenia/{signup.event.slug}/").content.decode()


def test_the_state_costs_the_list_one_query_for_any_number(client, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_signup()
    with CaptureQueriesContext(connection) as one:
        client.get("/wydarzenia/")
    for _number in range(8):
        make_signup()
    with CaptureQueriesContext(connection) as many:
        client.get("/wydarzenia/")
    assert len(many) == len(one)


def test_staff_are_never_asked_to_wait_as_robots(client, settings):
    settings.SIGNUPS_PER_ADDRESS = 1
    signup = make_signup()
    clerk = make_user(groups=["Organizator"])
    client.force_login(clerk)
    for number in range(3):
        form = client.get(f"/admin/registration/signup/{signup.pk}/desk/add/").context["form"]
        client.post(
            f"/admin/registration/signup/{signup.pk}/desk/add/",
            {"first_name": f"Ola{number}", "last_name": "Lis", "channel": "phone", "key": form["key"].value()},
        )
    assert Registration.objects.count() == 3
