"""A message of the clerk's own: looked at before it goes, once to each, and whoever has no e-mail is phoned."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from events.registration import seats
from events.registration.models import PeopleAccess
from portal.outbox.models import Message
from tests.forms import FormReader, read
from tests.make import make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db
TEXT = {"subject": "Zmiana sali", "text": "Spotykamy się w sali 12.\r\n\r\nWejście od podwórza."}


@pytest.fixture(autouse=True)
def clerk(client):
    make_office()
    user = make_user(groups=["Organizator"])
    client.force_login(user)
    return user


def page_of(signup) -> str:
    return f"/admin/registration/signup/{signup.pk}/desk/message/"


def form_of(response) -> dict:
    return FormReader(response.content.decode(), "message_form").fields


def write(client, signup, **fields):
    """The first step: the form is filled in; the answer is the preview."""
    return client.post(page_of(signup), {**read(client.get(page_of(signup))).fields, **TEXT, **fields})


def send(client, signup, preview):
    return client.post(page_of(signup), {**form_of(preview), "send": "1"})


def letters():
    return Message.objects.filter(kind="message").order_by("pk")


def test_nothing_goes_out_before_the_clerk_has_seen_it(client):
    signup = make_signup()
    registration = make_registration(signup)
    preview = write(client, signup)
    assert [found.pk for found in preview.context["recipients"]] == [registration.pk]
    assert "Wejście od podwórza." in preview.content.decode()
    assert not letters()
    send(client, signup, preview)
    letter = letters().get()
    assert (letter.to, letter.subject) == (registration.email, "Zmiana sali")
    assert "sali 12.\n\nWejście" in letter.text


def test_going_back_to_correct_keeps_every_word(client):
    signup = make_signup()
    make_registration(signup)
    preview = write(client, signup, states=["confirmed"])
    again = form_of(client.post(page_of(signup), {**form_of(preview), "edit": "1"}))
    assert again["subject"] == ["Zmiana sali"] and again["states"] == ["confirmed"]
    assert again["text"][0].split() == TEXT["text"].split()
    assert not letters()


def test_a_double_press_writes_once_and_a_corrected_text_goes_out(client):
    signup = make_signup()
    make_registration(signup)
    preview = write(client, signup)
    send(client, signup, preview)
    send(client, signup, preview)
    assert letters().count() == 1 and LogEntry.objects.count() == 1
    client.post(page_of(signup), {**form_of(preview), "text": "W sali 13.", "send": "1"})
    assert letters().count() == 2


def test_only_the_chosen_states_and_never_who_has_resigned(client):
    signup = make_signup(capacity=1)
    make_registration(signup, email="miejsce@poczta.example")
    make_registration(signup, email="czeka@poczta.example")
    gone = make_registration(signup, email="byla@poczta.example")
    seats.cancel(gone.uid, seats.PERSON)
    send(client, signup, write(client, signup, states=["waiting"]))
    assert [letter.to for letter in letters()] == ["czeka@poczta.example"]
    send(client, signup, write(client, signup))
    assert sorted(letter.to for letter in letters()) == [
        "czeka@poczta.example", "czeka@poczta.example", "miejsce@poczta.example",
    ]  # fmt: skip
    assert list(write(client, signup, states=["cancelled"]).context["form"].errors) == ["states"]


def test_who_has_no_address_is_listed_to_be_phoned(client, clerk):
    signup = make_signup()
    make_registration(signup, "Helena Brzozowa", email="", phone="13 000 55 66")
    preview = write(client, signup)
    html = preview.content.decode()
    assert "Helena Brzozowa" in html and "tel:+48130005566" in html
    assert PeopleAccess.objects.get().user == clerk
    assert 'name="send"' not in html
    assert send(client, signup, preview).status_code == 200 and not letters()


def test_the_log_keeps_that_it_was_sent_and_not_what(client, clerk):
    signup = make_signup()
    make_registration(signup)
    make_registration(signup)
    send(client, signup, write(client, signup))
    entry = LogEntry.objects.get()
    assert entry.user == clerk and "2" in entry.change_message
    assert "sali" not in entry.change_message


def test_what_a_clerk_types_stays_text(client):
    signup = make_signup()
    make_registration(signup)
    preview = write(client, signup, subject="100% <b>", text="<script>alert(1)</script>\nBcc: x@poczta.example")
    assert "<script>alert" not in preview.content.decode()
    send(client, signup, preview)
    letter = letters().get()
    assert letter.subject == "100% <b>" and "<script>" not in letter.html


@pytest.mark.parametrize("fields", [
    {"subject": ""}, {"subject": "x" * 201}, {"subject": "a\x07b"}, {"text": " "}, {"text": "x" * 5001},
    {"text": "a\0b"}, {"states": []}, {"states": ["nie ma"]}, {"number": "x"},
])  # fmt: skip
def test_bad_input_is_said_beside_its_field(client, fields):
    signup = make_signup()
    make_registration(signup)
    response = write(client, signup, send="1", **fields)
    assert list(response.context["form"].errors) == list(fields)
    assert not letters()


def test_writing_to_people_has_a_permission_of_its_own(client):
    signup = make_signup()
    for groups, permissions in ((["Redaktor"], []), ([], ["work_at_desk"])):
        user = make_user(groups=groups)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(user)
        assert client.get(page_of(signup)).status_code == 403
        assert client.post(page_of(signup), {**TEXT, "send": "1"}).status_code == 403
