"""The links in letters: a look changes nothing, a press acts, and a bad link tells nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from events.registration import links, seats
from events.registration.models import Registration
from portal.outbox.models import Message
from tests.make import in_days, make_event, make_institution, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    return make_office()


def link(registration, purpose: str = "own", name: str = "") -> str:
    return reverse(f"events:registration:{name or purpose}", args=[links.token(registration, purpose)])


def snapshot() -> list:
    return [*Registration.objects.order_by("pk").values(), Message.objects.count()]


ALL = [("own", "own"), ("own", "resign"), ("own", "contact"), ("own", "calendar"), ("confirm", "confirm"),
       ("accept", "accept")]  # fmt: skip


@pytest.mark.parametrize(("purpose", "name"), ALL)
def test_a_scanner_that_follows_every_link_changes_nothing(client, purpose, name):
    signup = make_signup(capacity=1, verifies_email=True)
    registration = make_registration(signup)
    make_registration(signup)
    before = snapshot()
    for _number in range(20):
        response = client.get(link(registration, purpose, name))
        assert response.status_code == 200
    assert client.head(link(registration, purpose, name)).status_code == 200
    assert snapshot() == before


@pytest.mark.parametrize(("purpose", "name"), ALL)
def test_these_pages_are_never_stored_indexed_or_told_to_another_site(client, purpose, name):
    response = client.get(link(make_registration(make_signup()), purpose, name))
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies


def test_a_link_works_for_its_purpose_only_and_not_when_changed_or_revoked(client):
    registration = make_registration(make_signup(), "Zenobia Tajemnicza")
    good = links.token(registration, "own")
    other = links.token(registration, "confirm")
    bad = [other, good[:-1], good + "x", good.upper(), good.replace("~", "."), "x", "~", "ż" * 50, f"{good[:5]}\x00"]
    registration.token_version += 1
    registration.save()
    for token in [*bad, good]:
        for method in (client.get, client.post):
            response = method(f"/wydarzenia/zgloszenie/{token}/rezygnacja/")
            assert response.status_code == 404
            assert "Tajemnicza" not in response.content.decode()
    assert Registration.objects.get().status == "confirmed"


def test_confirming_takes_one_press(client):
    registration = make_registration(make_signup(verifies_email=True))
    response = client.post(link(registration, "confirm"))
    assert response.status_code == 303
    assert client.get(response["Location"]).status_code == 200
    registration.refresh_from_db()
    assert registration.status == "confirmed"


def test_confirming_too_late_is_told_honestly_with_a_way_on(client):
    signup = make_signup(verifies_email=True)
    registration = make_registration(signup)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        response = client.post(link(registration, "confirm"))
    assert response.status_code == 410
    assert f"/wydarzenia/{signup.event.slug}/zapisy/" in response.content.decode()
    registration.refresh_from_db()
    assert registration.status == "expired"


def test_resigning_twice_says_the_second_time_that_it_is_done_already(client):
    registration = make_registration(make_signup())
    first, second = (client.post(link(registration, "own", "resign")) for _number in range(2))
    assert (first.context["was_active"], second.context["was_active"]) == (True, False)
    assert (first.status_code, second.status_code) == (200, 200)
    assert Message.objects.filter(kind="cancelled").count() == 1


def test_one_can_resign_when_the_event_is_full_and_when_sign_up_is_closed(client):
    signup = make_signup(capacity=1)
    registration = make_registration(signup)
    type(signup).objects.filter(pk=signup.pk).update(opens_at=in_days(-5), closes_at=in_days(-1))
    client.post(link(registration, "own", "resign"))
    registration.refresh_from_db()
    assert registration.status == "cancelled"


def test_taking_an_offered_seat(client):
    signup = make_signup(capacity=1, promotion_mode="offer")
    first, second = make_registration(signup), make_registration(signup)
    seats.cancel(first.uid, seats.PERSON)
    assert client.post(link(second, "accept")).status_code == 303
    second.refresh_from_db()
    assert second.status == "confirmed"


def test_the_page_shows_the_state_and_the_place_in_the_queue(client):
    signup = make_signup(capacity=0)
    make_registration(signup)
    registration = make_registration(signup)
    assert "<strong>2</strong>" in client.get(link(registration)).content.decode()


def test_the_link_to_the_meeting_is_for_confirmed_people_only(client):
    event = make_event(starts_at=in_days(5), session={"mode": "online", "online_url": "https://wideo.example/tajne"})
    signup = make_signup(event, capacity=1)
    seated, waiting = make_registration(signup), make_registration(signup)
    assert "wideo.example" in client.get(link(seated)).content.decode()
    assert "wideo.example" not in client.get(link(waiting)).content.decode()
    letters = {letter.to: letter.text for letter in Message.objects.all()}
    assert "wideo.example" in letters[seated.email]
    assert "wideo.example" not in letters[waiting.email]
    calendars = "".join(Message.objects.values_list("attachment", flat=True))
    assert "BEGIN:VEVENT" in calendars
    assert "wideo.example" not in calendars


def test_a_hidden_address_stands_in_no_letter_and_on_no_page(client):
    place = make_institution(
        name="Schronisko", street="ul. Skryta 77", town="Cicha", address_visibility="hidden", type="sow"
    )
    signup = make_signup(make_event(starts_at=in_days(5), institution=place, session={"room": "pokój 5"}))
    registration = make_registration(signup)
    shown = client.get(link(registration)).content.decode()
    letter = Message.objects.get()
    for text in (shown, letter.text, letter.html, letter.attachment):
        assert "Skryta" not in text
        assert "pokój 5" not in text


def test_correcting_names_and_phone(client):
    registration = make_registration(make_signup(max_seats=2), "Ana Lis", "Jan Lis", phone="13 000 10 20")
    page = link(registration, "own", "contact")
    form = client.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert data["second_first_name"] == "Jan"
    response = client.post(page, {**data, "first_name": "Anna", "phone": "zły"})
    assert list(response.context["form"].errors) == ["phone"]
    assert client.post(page, {**data, "first_name": "Anna", "phone": "13 000 99 99"}).status_code == 303
    registration = Registration.objects.get()
    assert (registration.names, registration.phone) == ("Anna Lis, Jan Lis", "13 000 99 99")


def test_a_new_address_voids_the_old_links_and_both_mailboxes_are_told(client):
    registration = make_registration(make_signup(), email="stary@poczta.example")
    page, old_own = link(registration, "own", "contact"), link(registration)
    form = client.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"email": "nowy@poczta.example"}
    response = client.post(page, data)
    assert client.get(response["Location"]).status_code == 200
    assert client.get(old_own).status_code == 404
    told = list(Message.objects.order_by("pk").values_list("to", "kind"))[1:]
    assert told == [("nowy@poczta.example", "address"), ("stary@poczta.example", "old-address")]
    notice = Message.objects.get(kind="old-address")
    assert "zgloszenie/" not in notice.text


def test_a_registration_cannot_take_the_address_of_another(client):
    signup = make_signup()
    make_registration(signup, email="zajety@poczta.example")
    registration = make_registration(signup, email="moj@poczta.example")
    page = link(registration, "own", "contact")
    form = client.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"email": "Zajety@poczta.example"}
    assert list(client.post(page, data).context["form"].errors) == ["email"]


def test_needs_and_consents_can_be_taken_back(client):
    signup = make_signup(asks_photo_consent=True)
    registration = make_registration(signup, needs={"wheelchair": True}, consents={"photo": "Zgadzam się."})
    for nonsense in ("", "\x00", "x" * 5000):
        client.post(link(registration, "own", "withdraw_consent"), {"purpose": nonsense})
    assert not registration.consents.get().withdrawn_at
    client.post(link(registration, "own", "withdraw_consent"), {"purpose": "photo"})
    client.post(link(registration, "own", "forget_needs"))
    registration = Registration.objects.get()
    assert registration.consents.get().withdrawn_at
    assert not hasattr(registration, "needs")


def test_whom_the_office_entered_without_an_address_gets_no_letter():
    signup = make_signup()
    registration = make_registration(signup, email="", channel="phone", by=seats.staff(make_user()))
    assert registration.status == "confirmed"
    assert not Message.objects.exists()


def test_what_a_participant_writes_is_harmless_in_letters():
    signup = make_signup(make_event(title="<img src=x onerror=alert(1)>", starts_at=in_days(5)))
    make_registration(signup, "<b>Anna Lis")
    letter = Message.objects.get()
    assert "<img" not in letter.html
    assert "<b>" not in letter.html
