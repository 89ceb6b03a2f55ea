"""`manage.py events_check` finds nothing after honest work, and names each thing that went past seats.py."""

import io
import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from events.registration import seats
from events.registration.models import Participant, Registration, SignUp, StatusChange
from portal.outbox.models import Message
from tests.make import in_days, make_event, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db


def check() -> tuple[int, list[str]]:
    """(exit code, lines)."""
    output = io.StringIO()
    try:
        call_command("events_check", stdout=output)
    except SystemExit as ended:
        return ended.code, output.getvalue().splitlines()
    return 0, output.getvalue().splitlines()


def the_only_fault() -> str:
    code, lines = check()
    assert (code, len(lines)) == (1, 2), lines  # the fault and the count
    return lines[0]


def the_only_number() -> int:
    """Of the registration that the fault names."""
    return int(re.search(r"nr (\d+)", the_only_fault())[1])


@pytest.fixture(autouse=True)
def office():
    return make_office()


@pytest.fixture
def signup():
    """Two seats taken, two people waiting, one promotion behind them."""
    signup = make_signup(capacity=2)
    first, *_others = [make_registration(signup) for _number in range(5)]
    seats.cancel(first.uid, seats.PERSON)
    return signup


def test_after_honest_work_all_is_right(signup):
    clerk = seats.staff(make_user(groups=["Organizator"]))
    seats.set_capacity(signup.pk, 3)
    seats.set_capacity(signup.pk, 1)  # fewer places than people, on purpose
    waiting = signup.registrations.waiting().first()
    seats.cancel(waiting.uid, clerk)
    make_registration(make_signup(capacity=0))
    make_registration(make_signup(verifies_email=True, needs_approval=True), "Ewa Lis", by=clerk, email="")
    code, lines = check()
    assert (code, len(lines)) == (0, 1), lines


def test_a_seat_too_many_is_found(signup):
    late = signup.registrations.waiting().first()
    Registration.objects.filter(pk=late.pk).update(status="confirmed")
    StatusChange.objects.create(registration=late, to_status="confirmed", reason="accepted", actor="system")
    assert "3" in the_only_fault()


def test_fewer_places_than_people_are_no_fault_until_another_seat_is_given(signup):
    SignUp.objects.filter(pk=signup.pk).update(capacity=1, capacity_changed_at=timezone.now())
    assert check()[0] == 0
    late = signup.registrations.waiting().first()
    Registration.objects.filter(pk=late.pk).update(status="confirmed")
    StatusChange.objects.create(registration=late, to_status="confirmed", reason="accepted", actor="system")
    assert check()[0] == 1


def test_somebody_who_waits_beside_a_free_place_is_found(signup):
    SignUp.objects.filter(pk=signup.pk).update(capacity=3)
    assert the_only_number() == signup.registrations.waiting().first().queue_no


def test_who_waits_because_the_rules_say_so_is_no_fault():
    for rules in ({"promotion_mode": "manual"}, {"event": make_event(starts_at=in_days(0.5))}):
        signup = make_signup(capacity=1, **rules)
        first, _second = make_registration(signup), make_registration(signup)
        seats.cancel(first.uid, seats.PERSON)
    assert check()[0] == 0


def test_a_number_that_was_never_given_is_found(signup):
    Registration.objects.filter(pk=signup.registrations.waiting().last().pk).update(queue_no=99)
    assert "99" in the_only_fault()


def test_a_person_without_a_seat_is_found(signup):
    registration = signup.registrations.confirmed().first()
    Participant.objects.create(registration=registration, position=2, first_name="Jan", last_name="Nadliczbowy")
    assert the_only_number() == registration.queue_no


def test_a_state_without_history_is_found(signup):
    registration = signup.registrations.waiting().last()
    Registration.objects.filter(pk=registration.pk).update(status="cancelled")
    assert the_only_number() == registration.queue_no


def test_a_promotion_that_nobody_was_told_of_is_found(signup):
    Message.objects.filter(kind="promoted").delete()
    the_only_fault()


def test_a_letter_about_a_place_that_was_not_given_is_found(signup):
    waiting = signup.registrations.waiting().first()
    letter = Message.objects.get(kind="promoted")
    Message.objects.filter(pk=letter.pk).update(object_id=waiting.pk)
    assert the_only_number() == waiting.queue_no


def test_who_has_no_address_is_told_by_phone_and_no_letter_is_missing():
    clerk = seats.staff(make_user(groups=["Organizator"]))
    signup = make_signup(capacity=1)
    first = make_registration(signup)
    make_registration(signup, by=clerk, email="")
    seats.cancel(first.uid, seats.PERSON)
    assert check()[0] == 0
