"""Yearly figures: what took place and who came, true also after the people's data are forgotten."""

import csv
import io
from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event
from events.registration import seats
from events.registration.figures import Figures, figures_of, years
from events.registration.models import Certificate, Registration
from tests.make import make_event, make_office, make_registration, make_signup, make_user, numbers

pytestmark = pytest.mark.django_db
PAGE = "/admin/registration/signup/figures/"
OFFICE = seats.staff(None)


@pytest.fixture(autouse=True)
def in_the_year_after(client):
    """The clerk makes the report of 2026 on 8 January 2027."""
    with time_machine.travel(datetime(2027, 1, 8, 9, tzinfo=timezone.get_default_timezone())):
        make_office()
        client.force_login(make_user(groups=["Organizator"]))
        yield


def at(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=timezone.get_default_timezone())


def make_held(*, starts_at=None, hours: str | None = "4", **fields) -> Event:
    return make_event(
        starts_at=starts_at or at(5, 4), session={"didactic_hours": hours}, **{"kind": "training", **fields}
    )


def came(registration: Registration, *sessions, state: str = "present"):
    for person in registration.participants.all():
        for session in sessions:
            person.attendance.create(session=session, state=state)


def make_certificate(registration: Registration, kind: str = "attendance", **fields) -> Certificate:
    number = str(next(numbers))
    return Certificate.objects.create(
        participant=registration.participants.first(), signup=registration.signup, kind=kind, number=number,
        code=number, content={}, **fields,
    )  # fmt: skip


def test_a_training_is_counted_with_its_dates_people_hours_and_certificates():
    training = make_held(hours="4.5")
    second = training.sessions.create(starts_at=at(5, 11), ends_at=at(5, 11, 12), didactic_hours=3)
    first = training.sessions.first()
    training.sessions.create(starts_at=at(5, 18), ends_at=at(5, 18, 12), didactic_hours=8, status="cancelled")
    signup = make_signup(training, capacity=3, max_seats=2)
    couple = make_registration(signup, "Anna Lipowa", "Piotr Lipowy", by=OFFICE)
    alone = make_registration(signup, "Jan Wilk", by=OFFICE)
    make_registration(signup, "Ewa Bór", "Adam Bór", by=OFFICE)  # two who wait to the end
    seats.cancel(make_registration(signup, "Ala Ryś", by=OFFICE).uid, OFFICE)
    came(couple, first, second)
    came(alone, first, state="excused")
    make_certificate(couple)
    make_certificate(alone, revoked_at=at(6, 1))
    make_certificate(couple, "statutory")
    assert figures_of(2026) == {
        "training": Figures(
            events=1, sessions=2, hours=Decimal("7.5"), registrations=4, confirmed=3, attended=2,
            person_hours=Decimal("15"), certificates=1, statutory=1, not_served=2, cancelled=0,
        )
    }  # fmt: skip


def test_who_waited_is_counted_also_after_the_portal_has_ended_it():
    signup = make_signup(make_held(), capacity=0)
    for _number in range(2):
        make_registration(signup, by=OFFICE)
    resigned = make_registration(signup, by=OFFICE)
    seats.cancel(resigned.uid, OFFICE)
    assert figures_of(2026)["training"].not_served == 2
    assert seats.end_hopeless() == 2
    assert figures_of(2026)["training"].not_served == 2


def test_each_kind_has_a_row_and_all_have_a_sum(client):
    make_held(), make_held(), make_held(kind="forum", hours=None)
    response = client.get(PAGE, {"year": "2026"})
    assert [row[1:4] for row in response.context["rows"]] == [[1, 1, 0], [2, 2, 8], [3, 3, 8]]


def test_an_event_belongs_to_the_year_in_which_its_last_date_ended():
    over_new_year = make_held(starts_at=at(12, 30))
    over_new_year.sessions.create(starts_at=at(1, 2, year=2027), ends_at=at(1, 2, 12, year=2027))
    make_held(starts_at=at(12, 31, 22), ends_at=at(12, 31, 23), kind="forum")
    make_held(starts_at=at(1, 1, 0), ends_at=at(1, 1, 0).replace(minute=30), kind="conference")
    make_held(starts_at=at(2, 1, year=2027), kind="study_visit")
    assert set(figures_of(2026)) == {"forum", "conference"}
    assert set(figures_of(2027)) == {"training"}


def test_what_did_not_take_place_is_not_counted_as_held():
    make_held(run_state="cancelled"), make_held(run_state="postponed"), make_held(status="draft")
    make_held(language="en")
    none_left = make_held(kind="forum")
    none_left.sessions.update(status="cancelled")
    assert figures_of(2026) == {"training": Figures(cancelled=1)}


def test_anonymised_people_go_on_counting():
    signup = make_signup(make_held())
    registration = make_registration(signup, by=OFFICE)
    came(registration, signup.event.sessions.get())
    before = figures_of(2026)
    registration.participants.update(first_name="", last_name="")
    registration.email = ""
    registration.anonymised_at = timezone.now()
    registration.save()
    assert figures_of(2026) == before
    assert before["training"].attended == 1


def test_thirty_events_cost_as_many_queries_as_three():
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            figures_of(2026)
        return len(queries)

    for _number in range(3):
        make_registration(make_signup(make_held()), by=OFFICE)
    few = cost()
    for _number in range(27):
        make_registration(make_signup(make_held()), by=OFFICE)
    assert figures_of(2026)["training"].events == 30
    assert cost() == few


def test_the_figures_come_as_files_too(client):
    make_held(hours="4.5")
    response = client.get(PAGE, {"year": "2026", "file": "csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 3 and len(rows[0]) == 12
    assert rows[2][1:4] == ["1", "1", "4,5"]
    response = client.get(PAGE, {"year": "2026", "file": "xlsx"})
    assert response.content.startswith(b"PK") and 'filename="szkolenia-2026.xlsx"' in response["Content-Disposition"]


def test_every_year_since_the_first_date_can_be_chosen():
    assert years() == [2027]
    make_held(starts_at=at(3, 1, year=2024))
    make_held(starts_at=at(3, 1, year=2028))
    assert years() == [2027, 2026, 2025, 2024]


@pytest.mark.parametrize(
    "query", [{}, {"year": "x"}, {"year": "0"}, {"year": "9" * 40}, {"year": "2026", "file": "exe"}]
)
def test_a_mistyped_address_is_no_error(client, query):
    assert client.get(PAGE, query).status_code == 200


def test_who_works_at_no_desk_sees_no_figures(client):
    client.force_login(make_user(groups=["Redaktor"]))
    assert client.get(PAGE).status_code == 403
