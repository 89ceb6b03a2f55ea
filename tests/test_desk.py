"""A clerk without training at the desk of one event."""

import pytest
from django.contrib.admin.models import LogEntry

from events.registration import seats
from events.registration.models import PeopleAccess, Registration, SignUp
from tests.forms import fill
from tests.make import in_days, make_event, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db
ENTRY = {"first_name": "Helena", "last_name": "Brzozowa", "phone": "13 000 10 20", "channel": "phone"}


@pytest.fixture(autouse=True)
def office():
    return make_office()


@pytest.fixture(autouse=True)
def clerk(client):
    user = make_user(groups=["Organizator"])
    client.force_login(user)
    return user


def desk(signup, page: str = "") -> str:
    return f"/admin/registration/signup/{signup.pk}/desk/{page}"


def listed(client, signup, **query) -> list[str]:
    return [registration.names for registration in client.get(desk(signup), query).context["page"]]


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "add/", "capacity/"])
def test_who_is_no_organiser_does_not_see_people(client, page):
    signup = make_signup()
    for groups in (["Redaktor"], ["Wydawca"], []):
        client.force_login(make_user(groups=groups))
        assert client.get(desk(signup, page)).status_code == 403
    client.logout()
    assert client.get(desk(signup, page)).status_code == 302


def test_every_look_at_people_is_remembered(client, clerk):
    signup = make_signup()
    registration = make_registration(signup)
    client.get(desk(signup))
    client.get(desk(signup, f"{registration.uid}/"))
    assert set(PeopleAccess.objects.values_list("user", "signup", "look")) == {
        (clerk.pk, signup.pk, "list"), (clerk.pk, signup.pk, "person"),
    }  # fmt: skip


def test_needs_are_seen_only_with_their_own_permission(client):
    signup = make_signup()
    registration = make_registration(signup, needs={"other": "schodołaz"})
    assert "schodołaz" in client.get(desk(signup, f"{registration.uid}/")).content.decode()
    from django.contrib.auth.models import Permission

    plain = make_user()
    plain.user_permissions.add(Permission.objects.get(codename="work_at_desk"))
    client.force_login(plain)
    assert "schodołaz" not in client.get(desk(signup, f"{registration.uid}/")).content.decode()


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_state_and_found_in_any_spelling(client):
    signup = make_signup(capacity=1)
    make_registration(signup, "Łucja Żółw", phone="13 000 55 55", email="lucja@poczta.example")
    waiting = make_registration(signup, "Jan Wilk")
    gone = make_registration(signup, "Adam Ryś")
    seats.cancel(gone.uid, seats.PERSON)
    assert listed(client, signup) == ["Łucja Żółw", "Jan Wilk"]
    assert listed(client, signup, state="waiting") == [waiting.names]
    assert listed(client, signup, state="ended") == ["Adam Ryś"]
    assert len(listed(client, signup, state="all")) == 3
    for query in ("zolw", "ŁUCJA żół", "lucja@poczta", "55 55"):
        assert listed(client, signup, q=query) == ["Łucja Żółw"], query
    assert listed(client, signup, q="nikt taki") == []


@pytest.mark.parametrize(
    "query", [{"state": "nie ma"}, {"page": "x"}, {"page": "-1"}, {"q": "\x00%_'"}, {"q": "x" * 5000}]
)
def test_a_mistyped_address_is_no_error(client, query):
    signup = make_signup()
    make_registration(signup)
    assert client.get(desk(signup), query).status_code == 200


def test_the_panel_says_why_nobody_moves_up(client):
    signup = make_signup(capacity=1, promotion_mode="manual")
    first = make_registration(signup)
    make_registration(signup)
    assert client.get(desk(signup)).context["why"] == "full"
    seats.cancel(first.uid, seats.PERSON)
    response = client.get(desk(signup))
    assert response.context["why"] == "manual"
    assert str(seats.WHY_NOT["manual"]) in response.content.decode()


def test_the_list_costs_the_same_for_many_people(client, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    signup = make_signup(capacity=100)
    make_registration(signup)
    client.get(desk(signup))
    with CaptureQueriesContext(connection) as one:
        client.get(desk(signup))
    for _number in range(10):
        make_registration(signup)
    with CaptureQueriesContext(connection) as many:
        client.get(desk(signup))
    assert len(many) == len(one)


# --- Entry ------------------------------------------------------------------------------------------------------------


def enter(client, signup, **fields):
    key = client.get(desk(signup, "add/")).context["form"]["key"].value()
    return client.post(desk(signup, "add/"), {**ENTRY, "key": key, **fields})


def test_somebody_who_phones_is_entered_without_an_address_and_has_a_seat(client, clerk):
    signup = make_signup(verifies_email=True)
    response = enter(client, signup)
    assert response.status_code == 302
    registration = Registration.objects.get()
    assert (registration.status, registration.channel, registration.entered_by) == ("confirmed", "phone", clerk)
    assert client.get(response["Location"]).status_code == 200


def test_the_office_enters_after_the_end_of_sign_up_but_not_past_the_last_seat(client):
    signup = make_signup(capacity=1, opens_at=in_days(-5), closes_at=in_days(-1))
    enter(client, signup)
    enter(client, signup, first_name="Olga")
    assert list(Registration.objects.order_by("pk").values_list("status", flat=True)) == ["confirmed", "waiting"]


def test_the_same_name_and_phone_is_asked_about_first(client):
    signup = make_signup()
    enter(client, signup)
    response = enter(client, signup, first_name="helena")
    assert response.status_code == 200
    assert response.context["twin"] == Registration.objects.get()
    enter(client, signup, first_name="helena", anyway="1")
    assert Registration.objects.count() == 2


def test_a_double_press_enters_once(client):
    signup = make_signup()
    key = client.get(desk(signup, "add/")).context["form"]["key"].value()
    for _number in range(2):
        assert client.post(desk(signup, "add/"), {**ENTRY, "key": key}).status_code == 302
    assert Registration.objects.count() == 1


def test_bad_input_at_the_desk_stands_beside_its_field_and_nothing_is_lost(client):
    signup = make_signup()
    for fields in (
        {"last_name": ""},
        {"phone": "brak"},
        {"email": "x"},
        {"channel": "gołąb"},
        {"last_name": "44051401359"},
    ):
        response = enter(client, signup, **fields)
        assert response.status_code == 200
        assert list(response.context["form"].errors) == list(fields)
        assert 'value="Helena"' in response.content.decode()
    assert client.post(desk(signup, "add/"), {**ENTRY, "key": "x"}).status_code == 200
    assert not Registration.objects.exists()


def test_an_address_that_is_registered_is_said_to_the_clerk(client):
    signup = make_signup()
    make_registration(signup, email="ala@poczta.example")
    response = enter(client, signup, email="ALA@poczta.example")
    assert list(response.context["form"].errors) == ["email"]


# --- Acts -------------------------------------------------------------------------------------------------------------


def act(client, registration, name: str, **fields):
    return client.post(desk(registration.signup, f"{registration.uid}/act/"), {"act": name, **fields})


def test_acts_go_by_post_only_and_by_name(client):
    registration = make_registration(make_signup())
    assert client.get(desk(registration.signup, f"{registration.uid}/act/")).status_code == 405
    assert act(client, registration, "nie ma").status_code == 404


def test_the_office_gives_a_seat_confirms_and_cancels(client):
    signup = make_signup(capacity=1, verifies_email=True, promotion_mode="manual")
    held, waiting = make_registration(signup), make_registration(signup)
    act(client, held, "confirm")
    assert Registration.objects.get(pk=held.pk).status == "confirmed"
    act(client, held, "cancel", from_person="1")
    act(client, waiting, "promote")
    assert Registration.objects.get(pk=waiting.pk).status == "confirmed"
    assert Registration.objects.get(pk=held.pk).history.last().reason == "by_office"


def test_an_act_that_comes_too_late_is_explained(client):
    signup = make_signup()
    registration = make_registration(signup)
    seats.cancel(registration.uid, seats.PERSON)
    response = client.post(desk(signup, f"{registration.uid}/act/"), {"act": "promote"}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


def test_a_registration_of_another_event_is_not_found_here(client):
    registration, other = make_registration(make_signup()), make_signup()
    assert client.get(desk(other, f"{registration.uid}/")).status_code == 404


# --- Places -----------------------------------------------------------------------------------------------------------


def test_the_number_of_places_moves_people_up_and_says_by_how_many_it_is_exceeded(client):
    signup = make_signup(capacity=2)
    for _number in range(5):
        make_registration(signup)
    client.post(desk(signup, "capacity/"), {"capacity": "4"})
    assert signup.registrations.filter(status="confirmed").count() == 4
    response = client.post(desk(signup, "capacity/"), {"capacity": "1"}, follow=True)
    assert any("3" in str(message) for message in response.context["messages"] if message.level_tag == "warning")
    assert signup.registrations.filter(status="confirmed").count() == 4
    client.post(desk(signup, "capacity/"), {"capacity": ""})
    assert signup.registrations.filter(status="confirmed").count() == 5
    assert LogEntry.objects.count() == 3


@pytest.mark.parametrize("bad", ["-1", "x", "1e9", "999999999999"])
def test_a_number_of_places_that_is_none_is_refused(client, bad):
    signup = make_signup(capacity=2)
    response = client.post(desk(signup, "capacity/"), {"capacity": bad})
    assert list(response.context["form"].errors) == ["capacity"]
    signup.refresh_from_db()
    assert signup.capacity == 2


# --- The rules as a form ----------------------------------------------------------------------------------------------


def test_a_sign_up_begins_from_its_event(client):
    event = make_event(starts_at=in_days(10))
    tools = client.get(f"/admin/events/event/{event.pk}/change/").context["tools"]
    begin = next(tool.url for tool in tools if "signup/add" in tool.url)
    response = fill(client, begin, "_save", capacity="12")
    assert response.status_code == 302
    signup = SignUp.objects.get(event=event)
    assert (signup.capacity, signup.mode, signup.reminders.get().hours_before) == (12, "internal", 48)
    tools = client.get(f"/admin/events/event/{event.pk}/change/").context["tools"]
    assert desk(signup) in [tool.url for tool in tools]


def test_more_places_in_the_form_move_people_up_as_at_the_desk(client):
    signup = make_signup(capacity=1)
    make_registration(signup)
    second = make_registration(signup)
    response = fill(client, f"/admin/registration/signup/{signup.pk}/change/", "_save", capacity="2")
    assert response.status_code == 302
    second.refresh_from_db()
    assert second.status == "confirmed"


def test_rules_that_contradict_each_other_are_refused_beside_their_field(client):
    signup = make_signup()
    page = f"/admin/registration/signup/{signup.pk}/change/"
    bad = {
        "closes_at": {"opens_at_0": "02.01.2027", "opens_at_1": "8:00",
                      "closes_at_0": "01.01.2027", "closes_at_1": "8:00"},
        "external_url": {"mode": "external", "external_url": ""},
        "hold_minutes": {"hold_minutes": "0"},
        "capacity": {"capacity": "-1"},
        "legal_hold_reason": {"legal_hold": "on"},
    }  # fmt: skip
    for field, fields in bad.items():
        response = fill(client, page, "_save", **fields)
        assert response.status_code == 200, field
        assert response.context["errors"], field


def test_a_sign_up_with_people_is_not_deleted(client):
    signup = make_signup()
    make_registration(signup)
    client.force_login(make_user(groups=["Administrator"]))
    client.post(f"/admin/registration/signup/{signup.pk}/delete/", {"post": "yes"})
    client.post(
        "/admin/registration/signup/", {"action": "delete_selected", "_selected_action": [signup.pk], "post": "yes"}
    )
    client.post(f"/admin/events/event/{signup.event.pk}/delete/", {"post": "yes"})
    assert Registration.objects.count() == 1


def test_the_board_sends_the_clerk_to_what_waits(client):
    near = make_signup(make_event(starts_at=in_days(0.1)), capacity=1)
    first = make_registration(near)
    make_registration(near)
    seats.cancel(first.uid, seats.PERSON)
    make_registration(make_signup(needs_approval=True))
    board = client.get("/admin/").content.decode()
    for value in ("call", "decide"):
        address = f"/admin/registration/signup/?attention={value}"
        assert address in board
        assert len(client.get(address).context["cl"].result_list) == 1
