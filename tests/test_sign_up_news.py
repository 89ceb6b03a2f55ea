"""What registered people are told: a move, a postponement, a cancellation, a reminder; each once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from events.models import EventSession
from events.registration import schedule, seats
from portal.outbox.models import Message
from tests.make import in_days, make_event, make_institution, make_office, make_registration, make_signup

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def office():
    return make_office()


def letters(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def announce(after: timedelta = LATER):
    with time_machine.travel(timezone.now() + after):
        schedule.announce_changes()


def move(event, days: int = 1):
    session = event.sessions.get()
    session.starts_at += timedelta(days=days)
    session.ends_at += timedelta(days=days)
    session.save()


def test_nobody_is_told_of_an_event_that_did_not_change():
    make_registration(make_signup())
    announce()
    assert letters("changed") == 0


def test_a_moved_date_is_told_once_to_everybody_registered_and_not_to_those_who_resigned():
    signup = make_signup(capacity=1)
    resigned = make_registration(signup)
    seats.cancel(resigned.uid, seats.PERSON)
    seated, waiting = make_registration(signup), make_registration(signup)
    move(signup.event)
    announce()
    announce()
    told = set(Message.objects.filter(kind="changed").values_list("to", flat=True))
    assert (letters("changed"), told) == (2, {seated.email, waiting.email})


def test_two_corrections_in_a_minute_are_one_letter():
    signup = make_signup()
    make_registration(signup)
    move(signup.event, 1)
    announce(timedelta(seconds=20))
    move(signup.event, 2)
    announce()
    assert letters("changed") == 1


def test_there_and_back_again_is_two_letters_once_each_was_told():
    signup = make_signup()
    make_registration(signup)
    for days in (1, -1):
        move(signup.event, days)
        announce()
    assert letters("changed") == 2


def test_another_room_is_a_change_too_and_a_title_is_not():
    signup = make_signup()
    make_registration(signup)
    signup.event.title = "Nowy tytuł"
    signup.event.save()
    announce()
    assert letters("changed") == 0
    signup.event.sessions.update(room="sala 7")
    announce()
    assert letters("changed") == 1


def test_who_signs_up_after_a_move_reads_the_new_date_and_is_not_told_of_the_old_one():
    signup = make_signup()
    first = make_registration(signup)
    seats.cancel(first.uid, seats.PERSON)
    move(signup.event)
    make_registration(signup)
    announce()
    assert letters("changed") == 0


def test_postponed_and_then_set_anew():
    signup = make_signup()
    registration = make_registration(signup)
    event = signup.event
    event.run_state = "postponed"
    event.save()
    announce()
    event.run_state = "planned"
    event.save()
    move(event, 30)
    announce()
    assert letters("changed") == 2
    registration.refresh_from_db()
    assert registration.status == "confirmed"


def test_a_cancelled_event_is_told_as_cancelled_and_not_as_changed():
    signup = make_signup()
    make_registration(signup)
    signup.event.run_state = "cancelled"
    signup.event.save()
    announce()
    seats.settle_all()
    announce()
    assert (letters("cancelled"), letters("changed")) == (1, 0)


# --- Reminders --------------------------------------------------------------------------------------------------------


def remind(at=None):
    with time_machine.travel(at or timezone.now()):
        return schedule.queue_reminders()


def test_confirmed_people_are_reminded_once_before_the_start():
    signup = make_signup(capacity=1)
    signup.reminders.create(hours_before=48)
    make_registration(signup)
    make_registration(signup)  # waits
    start = signup.event.starts_at
    remind(start - timedelta(hours=49))
    assert letters("reminder") == 0
    remind(start - timedelta(hours=47))
    remind(start - timedelta(hours=46))
    assert letters("reminder") == 1


def test_nobody_is_reminded_after_the_start_or_of_what_is_cancelled():
    signup = make_signup()
    signup.reminders.create(hours_before=48)
    make_registration(signup)
    start = signup.event.starts_at
    remind(start + timedelta(minutes=1))
    for fields in ({"run_state": "cancelled"}, {"run_state": "postponed"}):
        type(signup.event).objects.update(**fields)
        remind(start - timedelta(hours=40))
    type(signup.event).objects.update(run_state="planned")
    EventSession.objects.update(status="cancelled")
    remind(start - timedelta(hours=40))
    assert letters("reminder") == 0


def test_a_moved_date_is_reminded_of_anew():
    signup = make_signup()
    signup.reminders.create(hours_before=48)
    make_registration(signup)
    remind(signup.event.starts_at - timedelta(hours=40))
    move(signup.event, 7)
    remind(signup.event.sessions.get().starts_at - timedelta(hours=40))
    assert letters("reminder") == 2


def test_who_got_the_seat_after_the_hour_of_the_reminder_is_not_reminded_at_once():
    event = make_event(starts_at=timezone.now() + timedelta(hours=10))
    signup = make_signup(event)
    signup.reminders.create(hours_before=48)
    make_registration(signup)
    remind()
    assert letters("reminder") == 0


def test_days_in_a_row_are_one_meeting_and_weekly_dates_are_reminded_of_each():
    event = make_event(starts_at=in_days(10))
    signup = make_signup(event)
    signup.reminders.create(hours_before=48)
    for days in (1, 8):
        event.sessions.create(
            starts_at=event.starts_at + timedelta(days=days), ends_at=event.ends_at + timedelta(days=days)
        )
    make_registration(signup)
    start = event.sessions.first().starts_at
    remind(start - timedelta(hours=10))
    remind(start + timedelta(hours=20))
    assert letters("reminder") == 1
    remind(start + timedelta(days=7))
    assert letters("reminder") == 2


def test_news_of_a_hidden_place_do_not_tell_where_it_is():
    place = make_institution(name="Schronisko", street="ul. Skryta 77", address_visibility="hidden", type="sow")
    signup = make_signup()
    make_registration(signup)
    signup.event.sessions.update(institution=place)
    announce()
    assert "Skryta" not in Message.objects.get(kind="changed").text
