"""The month as a table: Monday first, links that say their whole date, and no way to the year 9999."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from events.calendar import Month
from tests.make import make_event

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")


def at(day: str, clock: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to(at("2026-11-23", "08:00"), tick=False)


def make_on(day: str, until: str = "", **fields):
    return make_event(starts_at=at(day), ends_at=at(until or day, "11:00"), publish_at=at("2026-01-01"), **fields)


def read(month: str = "2026-11") -> str:
    return Client().get(reverse("events:month", args=[month])).content.decode()


def days_with(title: str, month: str = "2026-11") -> list[int]:
    cells = re.findall(r"<td(.*?)</td>", read(month), re.DOTALL)
    return [int(re.search(r'datetime="\d{4}-\d\d-(\d\d)"', cell)[1]) for cell in cells if title in cell]


def test_weeks_begin_with_monday_and_hold_the_whole_month():
    weeks = Month(2026, 11).weeks
    assert weeks[0] == [None] * 6 + [date(2026, 11, 1)]
    assert weeks[1][0] == date(2026, 11, 2)
    assert sum(day is not None for week in weeks for day in week) == 30


def test_february_of_a_leap_year_has_29_days():
    assert Month(2028, 2).period.last == date(2028, 2, 29)


def test_the_year_turns_between_december_and_january():
    assert (Month(2026, 12).next, Month(2027, 1).previous) == (Month(2027, 1), Month(2026, 12))


def test_it_is_a_real_table():
    page = read()
    assert page.count('<th scope="col">') == 7
    assert page.index("Poniedziałek") < page.index("Niedziela")
    assert "<caption" in page and "listopad 2026" in page


def test_an_event_stands_on_its_day_and_its_link_says_the_whole_date():
    make_on("2026-11-24", title="Forum")
    assert days_with("Forum") == [24]
    link = re.search(r"<a [^>]+>((?:(?!</a>).)*Forum.*?)</a>", read(), re.DOTALL)[1]
    words = " ".join(re.sub(r"<[^>]+>", "", link).split())
    assert words == "wtorek, 24 listopada 2026: 9:00–11:00 Forum"


def test_an_event_of_three_days_stands_on_all_three():
    make_on("2026-11-09", until="2026-11-11", title="Zjazd")
    assert days_with("Zjazd") == [9, 10, 11]


def test_one_that_ends_at_midnight_does_not_reach_into_the_next_day():
    make_event(title="Wieczór", starts_at=at("2026-11-09", "20:00"), ends_at=at("2026-11-10", "00:00"))
    assert days_with("Wieczór") == [9]


def test_one_that_crosses_the_month_is_in_both():
    make_on("2026-11-30", until="2026-12-02", title="Przełom")
    assert days_with("Przełom") == [30]
    assert days_with("Przełom", "2026-12") == [1, 2]


def test_late_evening_belongs_to_its_day_in_warsaw():
    make_event(title="Noc", starts_at=at("2026-11-09", "00:15"), ends_at=at("2026-11-09", "00:45"))
    assert days_with("Noc") == [9]


def test_a_draft_is_not_in_it():
    make_on("2026-11-24", title="Szkic", status="draft")
    assert days_with("Szkic") == []


def test_today_is_marked():
    assert re.search(r'aria-current="date">\s*<time class="month__day" datetime="2026-11-23"', read())


def steps(month: str) -> set[str]:
    return set(re.findall(r'rel="(?:prev|next)" href="/wydarzenia/miesiac/([\d-]+)/"', read(month)))


def test_the_steps_lead_from_the_first_event_to_the_last():
    make_on("2026-09-10")
    make_on("2026-12-10")
    assert steps("2026-09") == {"2026-10"}
    assert steps("2026-11") == {"2026-10", "2026-12"}
    assert steps("2026-12") == {"2026-11"}


@pytest.mark.parametrize("month", ["2026-08", "2027-01", "0001-01", "9999-12"])
def test_beyond_them_there_is_nothing(month):
    make_on("2026-09-10")
    make_on("2026-12-10")
    assert Client().get(reverse("events:month", args=[month])).status_code == 404


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "0000-01", "2026-1", "26-11", "listopad", "2026-11-01"])
def test_what_is_no_month_is_no_page(month):
    assert Client().get(f"/wydarzenia/miesiac/{month}/").status_code == 404


def test_an_empty_calendar_still_has_this_month():
    assert steps("2026-11") == set()
