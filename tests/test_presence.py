"""Who was there: on a tablet at the door, by a code, or in the evening after; and the hours that follow."""

from decimal import Decimal

import pytest
from django.urls import reverse

from events.models import EventSession
from events.registration import attendance, codes, links, seats
from events.registration.models import Attendance, PeopleAccess
from tests.forms import FormReader
from tests.make import in_days, make_event, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    return make_office()


@pytest.fixture
def clerk(client):
    user = make_user(groups=["Organizator"])
    client.force_login(user)
    return user


@pytest.fixture
def signup():
    """A training of two dates, six hours and four; the first runs now."""
    event = make_event(starts_at=in_days(1), session={"didactic_hours": 6})
    event.sessions.create(starts_at=in_days(2), ends_at=in_days(2.2), didactic_hours=4)
    signup = make_signup(event, capacity=2, max_seats=1)
    for name in ("Zofia Żuk", "Adam Ćma", "Ewa Czeka"):
        make_registration(signup, name)
    return signup


def desk(signup, query: str = "") -> str:
    return f"/admin/registration/signup/{signup.pk}/desk/presence/{query}"


def people(signup) -> list:
    return list(attendance.participants_of(signup).order_by("pk"))


def states(signup) -> dict[str, str]:
    return {mark.participant.last_name: mark.state for mark in Attendance.objects.select_related("participant")}


def test_the_table_has_everybody_with_a_place_in_polish_order(client, clerk, signup):
    response = client.get(desk(signup))
    assert [person.last_name for person, _state, _hours in response.context["rows"]] == ["Ćma", "Żuk"]
    assert response.context["session"] == signup.event.sessions.first()
    assert PeopleAccess.objects.get().look == "presence"


def test_what_is_marked_is_saved_with_who_marked_it(client, clerk, signup):
    zuk, cma = people(signup)
    client.post(desk(signup), {f"state-{zuk.pk}": "present", f"state-{cma.pk}": "excused"})
    assert states(signup) == {"Żuk": "present", "Ćma": "excused"}
    assert {mark.marked_by for mark in Attendance.objects.all()} == {clerk}
    client.post(desk(signup), {f"state-{cma.pk}": "present", f"before-{cma.pk}": "excused"})
    assert states(signup)["Ćma"] == "present"
    assert Attendance.objects.count() == 2


def test_two_clerks_with_the_same_table_overwrite_nothing(client, clerk, signup):
    zuk, cma = people(signup)
    client.post(desk(signup), {f"state-{zuk.pk}": "present"})
    # The second opened the table before; there Żuk was not marked, and is not touched.
    client.post(desk(signup), {f"state-{cma.pk}": "absent", f"before-{zuk.pk}": "", f"before-{cma.pk}": ""})
    assert states(signup) == {"Żuk": "present", "Ćma": "absent"}
    # A third, whose table showed Żuk as present and who leaves it so, changes nothing either.
    Attendance.objects.filter(participant=zuk).update(state="excused")
    client.post(desk(signup), {f"state-{zuk.pk}": "present", f"before-{zuk.pk}": "present"})
    assert states(signup)["Żuk"] == "excused"


def test_one_button_marks_all_the_rest(client, clerk, signup):
    zuk, _cma = people(signup)
    attendance.mark(zuk, signup.event.sessions.first(), "absent", clerk)
    client.post(desk(signup), {"all": "1"})
    assert states(signup) == {"Żuk": "absent", "Ćma": "present"}


def test_that_button_keeps_what_was_chosen_and_not_saved_yet(client, clerk, signup):
    zuk, cma = people(signup)
    client.post(desk(signup), {f"state-{zuk.pk}": "absent", f"before-{zuk.pk}": "", f"before-{cma.pk}": "", "all": "1"})
    assert states(signup) == {"Żuk": "absent", "Ćma": "present"}


def test_enter_saves_and_does_not_mark_everybody(client, clerk, signup):
    form = FormReader(client.get(desk(signup)).content.decode(), id_end="presence")
    assert form.buttons == [None, "all"]  # a browser presses the first one


def test_what_is_saved_after_the_date_has_ended_belongs_to_the_date_on_the_page(client, clerk, signup):
    first, second = signup.event.sessions.all()
    zuk, cma = people(signup)
    page, code = client.get(desk(signup)), client.get(entry(cma))
    EventSession.objects.filter(pk=first.pk).update(starts_at=in_days(-1), ends_at=in_days(-0.9))
    assert client.get(desk(signup)).context["session"] == second
    assert f'action="?date={first.pk}"' in page.content.decode()
    fields = FormReader(code.content.decode(), id_end="arrival").fields
    client.post(entry(cma), {name: values[0] for name, values in fields.items()})
    assert Attendance.objects.get().session == first


def test_hours_are_those_of_the_dates_with_presence(clerk, signup, time_machine):
    zuk, cma = people(signup)
    first, second = signup.event.sessions.all()
    time_machine.move_to(in_days(3))
    attendance.mark(zuk, first, "present", clerk)
    attendance.mark(zuk, second, "present", clerk)
    attendance.mark(cma, first, "excused", clerk)
    assert attendance.hours_of(signup) == {zuk.pk: Decimal(10)}
    second.status = "cancelled"
    second.save()
    assert attendance.hours_of(signup) == {zuk.pk: Decimal(6)}


@pytest.mark.parametrize(
    "fields",
    [{"state-x": "present"}, {"state-1": "gdzieś"}, {"state-999999": "present"}, {"state-²": "present"}, {},
     {"state-99999999999999999999": "present"}, {"state-": "present"}],
)  # fmt: skip
def test_nonsense_marks_nobody(client, clerk, signup, fields):
    assert client.post(desk(signup), fields).status_code == 302
    assert not Attendance.objects.exists()


def test_nobody_without_a_place_and_nobody_of_another_event_is_marked(client, clerk, signup):
    waiting = signup.registrations.waiting().get().participants.get()
    stranger = make_registration(make_signup()).participants.get()
    client.post(desk(signup), {f"state-{waiting.pk}": "present", f"state-{stranger.pk}": "present"})
    assert not Attendance.objects.exists()
    for date in ("x", "999999", "", str(make_event().sessions.get().pk)):
        assert client.get(desk(signup, f"?date={date}")).status_code == 404


# --- The code at the entrance -----------------------------------------------------------------------------------------


def entry(participant) -> str:
    return reverse("events:registration:presence", args=[codes.entry_token(participant)])


def test_the_own_page_shows_a_code_to_those_with_a_place_only(client, signup):
    seated = signup.registrations.confirmed().first()
    waiting = signup.registrations.waiting().get()
    pages = [
        client.get(reverse("events:registration:own", args=[links.token(registration, "own")])).content.decode()
        for registration in (seated, waiting)
    ]
    assert ["data:image/png;base64," in page for page in pages] == [True, False]


def test_a_clerk_who_reads_the_code_marks_the_person_by_a_button(client, clerk, signup):
    zuk, _cma = people(signup)
    shown = client.get(entry(zuk))
    assert "Zofia Żuk" in shown.content.decode()
    assert not Attendance.objects.exists()
    for _press in range(2):
        assert client.post(entry(zuk), {"date": shown.context["session"].pk}).status_code == 302
    mark = Attendance.objects.get()
    assert (mark.participant, mark.state, mark.marked_by) == (zuk, "present", clerk)


def test_the_code_tells_nobody_else_anything_and_marks_nothing(client, signup):
    zuk, _cma = people(signup)
    redaktor = make_user(groups=["Redaktor"])
    for login in (lambda: None, lambda: client.force_login(redaktor)):
        login()
        for method in (client.get, client.post):
            response = method(entry(zuk))
            assert response.status_code == 200
            assert "Żuk" not in response.content.decode()
            assert response["Cache-Control"] == "private, no-store"
    assert not Attendance.objects.exists()


def test_who_has_no_place_any_more_is_not_let_in_by_an_old_code(client, clerk, signup):
    zuk, _cma = people(signup)
    seats.cancel(zuk.registration.uid, seats.PERSON)
    client.post(entry(zuk), {"date": signup.event.sessions.first().pk})
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("token", ["x", "1~x", "~", "ż"])
def test_a_code_that_is_not_ours_tells_a_clerk_nothing(client, clerk, token):
    assert client.get(f"/wydarzenia/obecnosc/{token}/").status_code == 200
