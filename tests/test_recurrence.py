"""Dates by a rule: nine o'clock stays nine o'clock, and what no clock shows is refused or asked about."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from events.models import EventSession
from events.recurrence import ComesTwice, Rule, at, dates_of, moved
from tests.forms import fill
from tests.make import make_event, make_institution, make_user

TUESDAY = 1


def rule(**fields) -> Rule:
    usual = {"first": date(2027, 3, 16), "starts": time(9), "ends": time(12), "weekdays": {TUESDAY}, "count": 5}
    return Rule(**usual | fields)


def local(moment) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"


# --- The arithmetic ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "changes"), [(date(2027, 3, 16), "28.03."), (date(2027, 10, 19), "31.10.")])
def test_every_tuesday_is_at_nine_also_when_the_clocks_change(first, changes):
    dates = dates_of(rule(first=first))
    assert [local(start)[-5:] for start, _end in dates] == ["09:00"] * 5
    assert {end - start for start, end in dates} == {timedelta(hours=3)}
    assert len({timezone.localtime(start).utcoffset() for start, _end in dates}) == 2  # the change lies between them


def test_an_hour_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ValidationError) as refused:
        at(date(2027, 3, 28), time(2, 30))
    assert refused.value.code == "does_not_exist"
    assert "28 marca 2027" in refused.value.messages[0] and "2:30" in refused.value.messages[0]


def test_an_hour_that_comes_twice_is_asked_about_and_answered():
    with pytest.raises(ComesTwice):
        at(date(2027, 10, 31), time(2, 30))
    first, second = (at(date(2027, 10, 31), time(2, 30), is_second) for is_second in (False, True))
    assert local(first) == local(second) == "31.10.2027 02:30"
    assert second.timestamp() - first.timestamp() == 3600


def test_days_weeks_ends_and_days_left_out():
    def days(**fields):
        return [local(start)[:5] for start, _end in dates_of(rule(**fields))]

    assert days(weekdays={0, 3}, count=4) == ["18.03", "22.03", "25.03", "29.03"]  # not the Monday before the first day
    assert days(every_weeks=2, count=3) == ["16.03", "30.03", "13.04"]
    assert days(count=None, until=date(2027, 4, 6)) == ["16.03", "23.03", "30.03", "06.04"]
    assert days(count=3, skipped={date(2027, 3, 23)}) == ["16.03", "30.03"]


def test_an_evening_may_end_after_midnight():
    ((start, end),) = dates_of(rule(starts=time(22), ends=time(1), count=1))
    assert (local(start), local(end)) == ("16.03.2027 22:00", "17.03.2027 01:00")


@pytest.mark.parametrize(
    "fields",
    [
        {"count": 101},
        {"count": None, "until": date(2030, 1, 1), "weekdays": set(range(7))},
        {"count": 1, "skipped": {date(2027, 3, 16)}},
        {"count": None, "until": date(2027, 3, 15)},
    ],
)
def test_too_many_dates_and_none_are_refused(fields):
    with pytest.raises(ValidationError):
        dates_of(rule(**fields))


def test_moving_by_days_keeps_the_hour_on_the_clock():
    start = at(date(2027, 3, 23), time(9))
    assert local(moved(start, 7)) == "30.03.2027 09:00"
    assert local(moved(start, -14)) == "09.03.2027 09:00"


# --- The page ---------------------------------------------------------------------------------------------------------

FORM = {
    "first": "16.03.2027", "starts": "9:00", "ends": "12:00", "weekdays": ["1"], "every_weeks": "1", "count": "3",
    "mode": "onsite", "room": "sala 7", "didactic_hours": "4,5",
}  # fmt: skip


@pytest.fixture
def event(db, client):
    client.force_login(make_user(groups=["Organizator"]))
    return make_event()


def page(event) -> str:
    return f"/admin/events/event/{event.pk}/dates/"


def test_a_clerk_looks_at_the_dates_first_and_then_adds_them(client, event):
    place = make_institution(name="DPS Pod Lipami")
    tools = client.get(f"/admin/events/event/{event.pk}/change/").context["tools"]
    assert page(event) in [tool.url for tool in tools]
    shown = client.post(page(event), {**FORM, "institution": place.pk})
    assert len(shown.context["sessions"]) == 3
    assert event.sessions.count() == 1
    assert "sala 7" in shown.content.decode()
    assert client.post(page(event), {**FORM, "institution": place.pk, "write": "1"}).status_code == 302
    added = event.sessions.filter(room="sala 7")
    assert [local(session.starts_at) for session in added] == [f"{day}.03.2027 09:00" for day in (16, 23, 30)]
    assert {(session.institution, float(session.didactic_hours)) for session in added} == {(place, 4.5)}


def test_a_second_press_adds_nothing(client, event):
    for _number in range(2):
        client.post(page(event), {**FORM, "write": "1"})
    assert event.sessions.count() == 4


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"first": "28.03.2027", "weekdays": ["6"], "starts": "2:30", "count": "1"}, "starts"),
        ({"first": "31.10.2027", "weekdays": ["6"], "starts": "2:30", "count": "1"}, "which_hour"),
        ({"first": "31.02.2027"}, "first"),
        ({"starts": "25:00"}, "starts"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": ["9"]}, "weekdays"),
        ({"count": "", "until": ""}, "count"),
        ({"count": "0"}, "count"),
        ({"until": "01.01.2027"}, "until"),
        ({"skipped": "kiedyś"}, "skipped"),
        ({"every_weeks": "0"}, "every_weeks"),
        ({"institution": "99999"}, "institution"),
        ({"didactic_hours": "-1"}, "didactic_hours"),
        ({"mode": "telepatia"}, "mode"),
    ],
)
def test_what_does_not_go_is_said_beside_its_field_and_nothing_is_lost(client, event, fields, wrong):
    response = client.post(page(event), {**FORM, **fields, "write": "1"})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [wrong]
    assert 'value="sala 7"' in response.content.decode()
    assert event.sessions.count() == 1


def test_the_answer_about_the_hour_that_comes_twice_is_taken(client, event):
    night = {**FORM, "first": "31.10.2027", "weekdays": ["6"], "starts": "2:30", "count": "1", "write": "1"}
    for _number in range(2):
        client.post(page(event), {**night, "which_hour": "second"})
    session = event.sessions.get(room="sala 7")
    assert session.starts_at == at(date(2027, 10, 31), time(2, 30), is_second_hour=True)


def test_who_may_not_change_the_event_adds_no_dates(client, event):
    client.force_login(make_user(groups=["Redaktor"]))
    assert client.get(page(event)).status_code == 403
    assert client.post(page(event), {**FORM, "write": "1"}).status_code == 403
    client.force_login(make_user(groups=["Organizator"]))
    assert client.get("/admin/events/event/999999/dates/").status_code == 404


def test_a_forum_of_three_days_is_one_event_with_three_dates(client, event):
    forum = {**FORM, "first": "15.03.2027", "weekdays": ["0", "1", "2"], "count": "3", "write": "1"}
    client.post(page(event), forum)
    assert EventSession.objects.filter(event=event, room="sala 7").count() == 3


@pytest.mark.parametrize(("day", "code"), [("28.03.2027", "does_not_exist"), ("31.10.2027", "comes_twice")])
def test_in_the_rows_of_the_form_such_an_hour_is_refused_beside_its_field(client, event, day, code):
    response = fill(client, f"/admin/events/event/{event.pk}/change/", "_save", **{
        "sessions-0-starts_at_0": day, "sessions-0-starts_at_1": "2:30",
        "sessions-0-ends_at_0": day, "sessions-0-ends_at_1": "12:00",
    })  # fmt: skip
    assert response.status_code == 200
    formset = next(f.formset for f in response.context["inline_admin_formsets"] if f.formset.prefix == "sessions")
    assert {name: [error.code for error in found.as_data()] for name, found in formset.errors[0].items()} == {
        "starts_at": [code]
    }


@pytest.mark.parametrize("fields", [{"first": "31.12.9999"}, {"first": "01.01.0001"}, {"until": "01.01.9999"}])
def test_years_far_off_are_refused(client, event, fields):
    response = client.post(page(event), {**FORM, **fields, "write": "1"})
    assert list(response.context["form"].errors) == list(fields)


def test_an_end_at_the_start_is_refused_and_one_on_the_next_day_is_shown_with_its_day(client, event):
    assert list(client.post(page(event), {**FORM, "ends": "9:00"}).context["form"].errors) == ["ends"]
    night = client.post(page(event), {**FORM, "starts": "22:00", "ends": "1:00", "count": "1"}).content.decode()
    assert "22:00–17 marca 2027, 1:00" in night


def test_no_date_asked_for_is_left_out_in_silence():
    assert len(dates_of(rule(every_weeks=26, count=20))) == 20
    fifty_days = {date(2027, 3, 16) + timedelta(days=number) for number in range(50)}
    every_day = {"weekdays": set(range(7)), "count": None, "skipped": fifty_days}
    assert len(dates_of(rule(until=date(2027, 7, 12), **every_day))) == 69


def test_an_event_with_the_second_of_two_same_hours_can_be_saved_again(client, event):
    night = {**FORM, "first": "31.10.2027", "weekdays": ["6"], "starts": "2:30", "ends": "4:00", "count": "1"}
    client.post(page(event), {**night, "write": "1", "which_hour": "second"})
    change = fill(client, f"/admin/events/event/{event.pk}/change/", "_save", summary="Nowe")
    assert change.status_code == 302
    assert event.sessions.get(room="sala 7").starts_at == at(date(2027, 10, 31), time(2, 30), is_second_hour=True)
