"""Is it open now, until when, and when does it open again: the answers of institutions.hours and of the page."""

from collections import namedtuple
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext as _

from institutions.hours import opening_state, weekly_hours
from tests.make import make_institution

Hours = namedtuple("Hours", "weekday opens closes")
Exception_ = namedtuple("Exception_", "day is_closed opens closes note")
WARSAW = ZoneInfo("Europe/Warsaw")
OFFICE = [Hours(day, time(7, 30), time(15, 30)) for day in range(5)]
MONDAY = date(2026, 11, 23)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), WARSAW)


def state(day: date, clock: str, *, hours=OFFICE, exceptions=(), is_24_7=False):
    return opening_state(at(day, clock), is_24_7, hours, exceptions)


def closed_on(day: date, note: str = "") -> Exception_:
    return Exception_(day, True, None, None, note)


@pytest.mark.parametrize(
    "clock, is_open", [("07:29", False), ("07:30", True), ("12:00", True), ("15:29", True), ("15:30", False)]
)
def test_open_from_the_first_minute_to_the_last_but_one(clock, is_open):
    assert state(MONDAY, clock).is_open is is_open


def test_while_open_it_says_until_when():
    assert state(MONDAY, "12:00").closes == time(15, 30)
    assert state(MONDAY, "12:00").next_opening is None


def test_before_opening_it_opens_today():
    assert state(MONDAY, "06:00").next_opening == at(MONDAY, "07:30")


def test_after_closing_on_friday_it_opens_on_monday():
    assert state(MONDAY - timedelta(days=3), "16:00").next_opening == at(MONDAY, "07:30")


def test_between_two_spans_of_a_day_it_opens_again_the_same_day():
    hours = [Hours(0, time(8), time(12)), Hours(0, time(14), time(18))]
    assert state(MONDAY, "12:30", hours=hours).next_opening == at(MONDAY, "14:00")


def test_a_closed_day_is_closed_and_passed_over():
    tuesday = MONDAY + timedelta(days=1)
    today = state(MONDAY, "12:00", exceptions=[closed_on(MONDAY, "święto"), closed_on(tuesday)])
    assert not today.is_open and today.note == "święto"
    assert today.next_opening == at(MONDAY + timedelta(days=2), "07:30")


def test_a_day_with_other_hours_follows_them():
    short = Exception_(MONDAY, False, time(10), time(12), "")
    assert not state(MONDAY, "09:00", exceptions=[short]).is_open
    assert state(MONDAY, "11:00", exceptions=[short]).closes == time(12)


def test_open_day_and_night_except_on_a_closed_day():
    assert state(MONDAY, "03:00", is_24_7=True).is_open
    closed = state(MONDAY, "03:00", is_24_7=True, exceptions=[closed_on(MONDAY)])
    assert not closed.is_open
    assert closed.next_opening == at(MONDAY + timedelta(days=1), "00:00")


def test_without_hours_nothing_is_claimed():
    assert not state(MONDAY, "12:00", hours=[]).is_known
    assert weekly_hours([]) == []


def test_a_place_closed_for_weeks_promises_no_day():
    holidays = [closed_on(MONDAY + timedelta(days=days)) for days in range(40)]
    assert state(MONDAY, "12:00", exceptions=holidays).next_opening is None


def test_opening_time_stays_the_same_when_the_clocks_change():
    saturday = date(2026, 10, 24)  # the night to Sunday has an hour more
    opening = state(saturday, "12:00").next_opening
    assert (opening.hour, opening.minute) == (7, 30)


def test_the_week_has_every_day_and_the_weekend_is_closed():
    week = weekly_hours(OFFICE)
    assert [len(spans) for _name, spans in week] == [1, 1, 1, 1, 1, 0, 0]


@pytest.mark.django_db
def test_the_page_says_whether_it_is_open_at_this_minute(client, time_machine):
    institution = make_institution()
    institution.hours.create(weekday=0, opens="07:30", closes="15:30")
    time_machine.move_to(at(MONDAY, "15:29"))
    assert _("Open now") in client.get(institution.get_absolute_url()).content.decode()
    time_machine.move_to(at(MONDAY, "15:30"))
    assert _("Closed now") in client.get(institution.get_absolute_url()).content.decode()
