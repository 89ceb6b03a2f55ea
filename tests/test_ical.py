"""Calendar files, read back by an independent library: whole, exact, the same to the byte, and silent about secrets."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from events.models import Event, EventSession
from portal.outbox.models import Message
from tests.make import in_days, make_event, make_institution, make_office, make_registration, make_signup

pytestmark = pytest.mark.django_db
FEED = "/wydarzenia/kalendarz.ics"
WARSAW = ZoneInfo("Europe/Warsaw")
LONG_TITLE = ("Zażółć gęślą jaźń: źdźbło, ćma, łoś " * 6)[:200]


def file_of(event: Event) -> bytes:
    return Client().get(f"/wydarzenia/{event.slug}.ics").content


def entries(content: bytes) -> list:
    return Calendar.from_ical(content).walk("VEVENT")


def entry(event: Event):
    (only,) = entries(file_of(event))
    return only


def feed() -> list:
    return entries(Client().get(FEED).content)


def fresh(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


@pytest.fixture
def clock(time_machine):
    """A clock that stands still until it is moved."""
    time_machine.move_to(datetime(2026, 11, 23, 8, tzinfo=WARSAW), tick=False)
    return time_machine


# --- One event --------------------------------------------------------------------------------------------------------


def test_the_file_says_what_when_and_where():
    hall = make_institution(name="Dom Kultury")
    starts_at = datetime(2027, 7, 1, 9, 0, tzinfo=WARSAW)
    event = make_event(
        title="Forum", summary="Krótko.", starts_at=starts_at, institution=hall, session={"room": "sala 5"}
    )
    found = entry(event)
    assert found["SUMMARY"] == "Forum"
    assert found["DESCRIPTION"] == "Krótko."
    assert found.decoded("DTSTART") == datetime(2027, 7, 1, 7, 0, tzinfo=UTC)
    assert found.decoded("DTEND") == datetime(2027, 7, 1, 9, 0, tzinfo=UTC)
    assert found["LOCATION"] == "Dom Kultury, sala 5, ul. Klonowa 12, 38-099 Jarzębin"
    assert found["STATUS"] == "CONFIRMED"
    assert found["URL"] == f"http://127.0.0.1:8000/wydarzenia/{event.slug}/"
    assert found["UID"] == f"{event.sessions.get().uid}@127.0.0.1"


def test_times_are_in_utc_so_that_no_zone_has_to_be_described():
    content = file_of(make_event())
    assert b"VTIMEZONE" not in content and b"TZID" not in content
    assert content.count(b"Z\r\n") >= 4


def test_it_is_published_and_asks_nobody_to_answer():
    calendar = Calendar.from_ical(file_of(make_event(contact_email="ewa@jarzebin.example")))
    assert calendar["METHOD"] == "PUBLISH" and calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert not {"ATTENDEE", "ORGANIZER"} & set(calendar.walk("VEVENT")[0])


def test_the_type_names_the_charset_and_the_file_its_event():
    event = make_event(title="Forum")
    response = Client().get("/wydarzenia/forum.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="forum.ics"'
    assert event.slug == "forum"


def test_every_date_is_an_entry_of_its_own():
    event = make_event()
    event.sessions.create(starts_at=in_days(9), ends_at=in_days(9.1), status="cancelled")
    first, second = entries(file_of(event))
    assert first["UID"] != second["UID"]
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_three_whole_days_end_on_the_fourth():
    midnight = datetime(2027, 9, 18, tzinfo=WARSAW)
    event = make_event(starts_at=midnight, ends_at=midnight + timedelta(days=3), session={"is_all_day": True})
    found = entry(event)
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (date(2027, 9, 18), date(2027, 9, 21))
    assert found["DTSTART"].params["VALUE"] == "DATE"


def test_a_polish_title_of_200_letters_arrives_whole_in_folded_lines():
    event = make_event(title=LONG_TITLE)
    content = file_of(event)
    assert entry(event)["SUMMARY"] == LONG_TITLE
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_what_is_off_says_so_in_its_name_too():
    cancelled, postponed = make_event(run_state="cancelled"), make_event(run_state="postponed")
    assert (entry(cancelled)["STATUS"], entry(postponed)["STATUS"]) == ("CANCELLED", "TENTATIVE")
    for event in (cancelled, postponed):
        assert entry(event)["SUMMARY"] != event.title and event.title in entry(event)["SUMMARY"]


def test_an_unchanged_event_is_the_same_file_to_the_byte(clock):
    event = make_event(institution=make_institution())
    before = file_of(event)
    clock.shift(timedelta(hours=5))
    assert file_of(event) == before


def test_who_has_it_gets_304():
    event = make_event()
    first = Client().get(f"/wydarzenia/{event.slug}.ics")
    again = Client().get(f"/wydarzenia/{event.slug}.ics", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_draft_has_no_file_and_an_archived_event_keeps_its():
    assert Client().get(f"/wydarzenia/{make_event(status='draft').slug}.ics").status_code == 404
    assert Client().get(f"/wydarzenia/{make_event(status='archived').slug}.ics").status_code == 200


def test_a_hidden_place_and_a_link_to_a_meeting_are_not_in_it():
    shelter = make_institution(name="Przystań", address_visibility="hidden", street="ul. Skryta 7")
    event = make_event(
        institution=shelter,
        session={"mode": "hybrid", "online_url": "https://spotkanie.example/tajne", "room": "sala 5"},
    )
    text = file_of(event).decode().replace("\r\n ", "")
    for secret in ["Przystań", "Skryta", "spotkanie.example", "sala 5"]:
        assert secret not in text


# --- SEQUENCE ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"ends_at": in_days(30)},
        {"venue": "Dom Kultury"},
        {"room": "sala 6"},
        {"address": "Rynek 1"},
        {"status": "cancelled"},
        {"is_all_day": True},
        {"mode": "online"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_time_place_or_state_raises_the_sequence_and_keeps_the_uid(change):
    event = make_event()
    before = entry(event)
    session = event.sessions.get()
    for name, value in change.items():
        setattr(session, name, value)
    session.save()
    after = entry(event)
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["UID"] == before["UID"]


@pytest.mark.parametrize("state", ["cancelled", "postponed"])
def test_calling_an_event_off_raises_it(state):
    event = make_event()
    event.run_state = state
    event.save(update_fields=["run_state"])
    assert entry(event)["SEQUENCE"] == 1


def test_a_new_text_or_saving_without_a_change_does_not():
    event = make_event()
    event.summary = "Nowe słowa"
    event.save()
    fresh(event).save()
    event.sessions.get().save()
    assert entry(event)["SEQUENCE"] == 0


def test_an_event_loaded_before_does_not_write_the_old_number_back():
    """As in the admin: the form holds the event, its dates are saved after it, and then it is saved again."""
    event = make_event()
    session = EventSession.objects.get(event=event)
    session.room = "sala 6"
    session.save()
    event.title = "Inaczej"
    event.save()
    assert fresh(event).ical_sequence == 1


def test_a_moved_institution_changes_the_stamp_of_its_events(clock):
    hall = make_institution(name="Dom Kultury")
    event = make_event(institution=hall)
    before = entry(event)
    clock.shift(timedelta(hours=1))
    hall.street = "Rynek 1"
    hall.save()
    assert entry(event).decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")


def test_those_who_signed_up_get_the_very_same_file_and_are_named_in_none():
    make_office()
    event = make_event(title="Szkolenie", starts_at=in_days(10))
    registration = make_registration(make_signup(event), "Zenobia Tajemnicza", email="zenobia@poczta.example")
    mailed = Message.objects.about(registration).get().attachment.encode()
    assert mailed == file_of(event)
    for content in (mailed, Client().get(FEED).content):
        for secret in (b"Zenobia", b"Tajemnicza", b"zenobia@", b"zgloszenie", registration.uid.hex.encode()):
            assert secret not in content


# --- The feed ---------------------------------------------------------------------------------------------------------


def test_the_feed_has_all_that_comes_and_two_months_of_the_past():
    for days in (-70, -50, 1, 400):
        make_event(title=str(days), starts_at=in_days(days))
    assert [found["SUMMARY"] for found in feed()] == ["-50", "1", "400"]


def test_cancelled_ones_stay_so_that_subscribers_see_it():
    make_event(run_state="cancelled")
    assert [found["STATUS"] for found in feed()] == ["CANCELLED"]


def test_what_is_not_in_the_calendar_is_not_in_the_feed():
    make_event(status="draft")
    make_event(visibility="unlisted")
    make_event(visibility="internal")
    make_event(language="en")
    assert feed() == []


def test_of_too_many_the_nearest_are_kept(monkeypatch):
    monkeypatch.setattr("events.feeds.MOST_DATES", 3)
    for days in (-2, -1, 1, 2):
        make_event(title=str(days), starts_at=in_days(days))
    assert [found["SUMMARY"] for found in feed()] == ["-1", "1", "2"]
    make_event(title="3", starts_at=in_days(3))
    make_event(title="4", starts_at=in_days(4))
    assert [found["SUMMARY"] for found in feed()] == ["1", "2", "3"]


def test_it_names_the_site_and_asks_to_be_read_twice_a_day():
    make_office(site_name="PCPR w Jarzębinie")
    calendar = Calendar.from_ical(Client().get(FEED).content)
    assert "PCPR w Jarzębinie" in calendar["NAME"] and calendar["NAME"] == calendar["X-WR-CALNAME"]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H" in Client().get(FEED).content


def test_the_same_entry_has_the_same_uid_in_file_and_feed():
    event = make_event()
    assert feed()[0]["UID"] == entry(event)["UID"]


def test_an_unchanged_feed_is_the_same_and_costs_a_304(clock):
    make_event()
    first = Client().get(FEED)
    clock.shift(timedelta(hours=5))
    again = Client().get(FEED, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert Client().get(FEED).content == first.content
