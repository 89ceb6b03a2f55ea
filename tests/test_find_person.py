"""One person across all events: found as clerks spell and dial, without a name in any address or log."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.registration import seats
from events.registration.models import PeopleAccess
from tests.make import in_days, make_event, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/registration/signup/find/"


@pytest.fixture(autouse=True)
def clerk(client):
    make_office()
    user = make_user(groups=["Organizator"])
    client.force_login(user)
    return user


def find(client, text: str) -> list[str]:
    events = client.post(PAGE, {"q": text}).context.get("events", [])
    return [row.registration.names for _event, rows in events for row in rows]


@pytest.mark.parametrize("text", [
    "zolw", "ŁUCJA", "Żółw Łucja", "lucja@poczta", "Lucja@Poczta.example", "600 100 200", "600100200",
    "+48 600-100-200", "100200", "(600) 100",
])  # fmt: skip
def test_a_person_is_found_however_it_is_spelt_or_dialled(client, text):
    make_registration(make_signup(), "Łucja Żółw", email="lucja@poczta.example", phone="+48 600 100 200")
    make_registration(make_signup(), "Jan Wilk", email="jan@poczta.example", phone="13 000 10 20")
    assert find(client, text) == ["Łucja Żółw"]


def test_the_second_of_a_couple_is_found_too(client):
    make_registration(make_signup(max_seats=2), "Anna Lipowa", "Piotr Bór")
    assert find(client, "bór") == ["Anna Lipowa, Piotr Bór"]


def test_all_events_of_a_person_stand_there_with_state_and_presence(client):
    past = make_event(starts_at=in_days(-9), title="Szkolenie jesienne", session={"didactic_hours": "4.5"})
    past.sessions.create(starts_at=in_days(-8), ends_at=in_days(-7.9), didactic_hours=4)
    past.sessions.create(starts_at=in_days(-7), ends_at=in_days(-6.9), didactic_hours=4, status="cancelled")
    came = make_registration(make_signup(past), "Łucja Żółw", by=seats.staff(None))
    first = past.sessions.order_by("starts_at").first()
    came.participants.get().attendance.create(session=first, state="present")
    came.participants.get().attendance.create(session=past.sessions.order_by("starts_at")[1], state="excused")
    resigned = make_registration(make_signup(), "Łucja Żółw")
    seats.cancel(resigned.uid, seats.PERSON)
    events = client.post(PAGE, {"q": "żółw"}).context["events"]
    assert [(event.title, rows[0].registration.status) for event, rows in events] == [
        (resigned.signup.event.title, "cancelled"), ("Szkolenie jesienne", "confirmed"),
    ]  # fmt: skip
    presence = events[1][1][0].people[0]
    assert (presence.dates, presence.of, str(presence.hours)) == (1, 2, "4.5")


def test_a_search_is_remembered_without_what_was_searched(client, clerk):
    make_registration(make_signup(), "Łucja Żółw")
    response = client.post(PAGE, {"q": "żółw"})
    assert response.request["QUERY_STRING"] == ""
    looked = PeopleAccess.objects.get()
    assert (looked.user, looked.look, looked.signup) == (clerk, "search", None)


@pytest.mark.parametrize("text", ["", "ab", "60", "+", "x" * 101, "a\0b", "  "])
def test_too_little_is_not_searched_for(client, text):
    make_registration(make_signup(), "Abba Abba", phone="600 100 200")
    response = client.post(PAGE, {"q": text})
    assert list(response.context["form"].errors) == ["q"]
    assert not PeopleAccess.objects.exists()


@pytest.mark.parametrize(
    "text", ["%%%", "___", "'\"<>", "(((((", "[a-z]{9}", "\\\\\\", "12345", "😀😀😀", "----------"]
)
def test_any_other_words_only_find_nobody(client, text):
    make_registration(make_signup(), "Łucja Żółw", phone="600 100 200")
    assert client.post(PAGE, {"q": text}).status_code == 200
    assert find(client, text) == []


def test_only_who_may_erase_is_led_there(client):
    registration = make_registration(make_signup(), "Łucja Żółw")
    link = f"?uid={registration.uid}"
    assert link not in client.post(PAGE, {"q": "żółw"}).content.decode()
    client.force_login(make_user(groups=["Administrator"]))
    assert link in client.post(PAGE, {"q": "żółw"}).content.decode()


def test_many_people_found_cost_as_many_queries_as_few(client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            find(client, "żółw")
        return len(queries)

    make_registration(make_signup(), "Łucja Żółw")
    cost()
    few = cost()
    for _number in range(5):
        make_registration(make_signup(), "Łucja Żółw")
    assert cost() == few


def test_who_works_at_no_desk_finds_nobody(client):
    user = make_user(groups=["Redaktor"])
    client.force_login(user)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"q": "żółw"}).status_code == 403
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="work_at_desk"))
    client.force_login(user)
    assert client.get(PAGE).status_code == 200


def test_the_list_of_sign_ups_leads_to_the_search(client):
    assert f'href="{PAGE}"' in client.get("/admin/registration/signup/").content.decode()
