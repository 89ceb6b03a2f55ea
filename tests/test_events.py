"""The calendar as a resident sees it: the list by day, its filters, the archive, the page of an event."""

import json
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.models import EventSeries, MeetingReport
from institutions.models import FundedProject
from tests.make import in_days, make_article, make_event, make_institution, make_photo, make_user

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")
LIST, ARCHIVE = "/wydarzenia/", "/wydarzenia/archiwum/"


def at(day: str, clock: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=WARSAW)


@pytest.fixture
def monday(time_machine):
    """Monday, 23 November 2026, eight in the morning."""
    time_machine.move_to(at("2026-11-23", "08:00"), tick=False)
    return time_machine


def read(address: str = LIST, **query) -> str:
    return Client().get(address, query).content.decode()


def titles(address: str = LIST, **query) -> list[str]:
    return re.findall(r'entry__title"><a href="[^"]+">([^<]+)<', read(address, **query))


def by_day(**query) -> list[tuple[str, list[str]]]:
    days = read(**query).split('<section class="day">')[1:]
    return [
        (re.search(r'datetime="([\d-]+)"', day)[1], re.findall(r'"entry__title"><a[^>]+>([^<]+)', day)) for day in days
    ]


def structured(page: str) -> list[dict]:
    blocks = [json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.+?)</script>', page)]
    return next(block["@graph"] for block in blocks if "@graph" in block)


def make_on(day: str, **fields):
    """An event that begins on `day` and lasts from nine to eleven."""
    starts_at, ends_at = at(day, "09:00"), at(fields.pop("until", day), "11:00")
    return make_event(starts_at=starts_at, ends_at=ends_at, publish_at=at("2026-01-01"), **fields)


# --- The list ---------------------------------------------------------------------------------------------------------


def test_each_day_has_its_events_the_nearest_first(monday):
    make_on("2026-12-02", title="Narada")
    make_on("2026-11-24", title="Forum")
    make_on("2026-12-02", title="Szkolenie")
    assert by_day() == [("2026-11-24", ["Forum"]), ("2026-12-02", ["Narada", "Szkolenie"])]


def test_an_event_of_several_dates_stands_under_each_of_them(monday):
    event = make_on("2026-11-24", title="Kurs")
    event.sessions.create(starts_at=at("2026-12-01"), ends_at=at("2026-12-01", "12:00"))
    assert by_day() == [("2026-11-24", ["Kurs"]), ("2026-12-01", ["Kurs"])]


def test_what_runs_since_yesterday_stands_under_today(monday):
    make_on("2026-11-20", until="2026-11-25", title="Wystawa")
    assert by_day() == [("2026-11-23", ["Wystawa"])]


def test_an_event_is_current_until_its_end(time_machine):
    make_on("2026-11-23", title="Narada")
    time_machine.move_to(at("2026-11-23", "10:59"))
    assert titles() == ["Narada"] and titles(ARCHIVE) == []
    time_machine.move_to(at("2026-11-23", "11:00"))
    assert titles() == [] and titles(ARCHIVE) == ["Narada"]


def test_a_page_from_the_cache_is_right_a_minute_after_the_end(time_machine, settings):
    settings.PAGE_CACHE_SECONDS = 5
    make_on("2026-11-23", title="Narada")
    time_machine.move_to(at("2026-11-23", "10:59"), tick=False)
    assert titles() == titles() == ["Narada"]  # the second time from the cache
    time_machine.move_to(at("2026-11-23", "11:01"), tick=False)
    assert titles() == []


def test_this_month_begins_at_midnight_in_warsaw(time_machine):
    make_on("2026-06-30", until="2026-06-30", title="Czerwiec")
    make_on("2026-07-31", title="Lipiec")
    make_event(title="Noc sierpnia", starts_at=at("2026-08-01", "00:15"), publish_at=at("2026-01-01"))
    time_machine.move_to(at("2026-07-01", "00:30"))  # in Greenwich it is still June
    assert titles(kiedy="miesiac") == ["Lipiec"]


def test_this_week_ends_with_sunday(time_machine):
    make_on("2026-11-29", title="Niedziela")
    make_on("2026-11-30", title="Poniedziałek")
    time_machine.move_to(at("2026-11-29", "00:30"))
    assert titles(kiedy="tydzien") == ["Niedziela"]
    time_machine.move_to(at("2026-11-30", "00:30"))
    assert titles(kiedy="tydzien") == ["Poniedziałek"]


def test_today_has_what_begins_and_what_runs_today(monday):
    make_on("2026-11-23", title="Dziś")
    make_on("2026-11-20", until="2026-11-25", title="Trwa")
    make_on("2026-11-24", title="Jutro")
    assert titles(kiedy="dzis") == ["Trwa", "Dziś"]


def test_days_from_and_to_show_the_past_too(monday):
    make_on("2026-11-10", title="Przed")
    make_on("2026-11-12", title="Od")
    make_on("2026-11-14", title="Do")
    make_on("2026-11-15", title="Po")
    assert titles(od="2026-11-12", do="2026-11-14") == ["Od", "Do"]


def test_filter_by_kind_keeps_to_the_chosen_week(monday):
    make_on("2026-11-24", title="Kurs", kind="training")
    make_on("2026-11-24", title="Narada", kind="staff_meeting")
    make_on("2026-12-24", title="Późny kurs", kind="training")
    assert titles(rodzaj="training", kiedy="tydzien") == ["Kurs"]
    assert "kiedy=dzis" in read(rodzaj="training") and "rodzaj=training" in read(rodzaj="training")


@pytest.mark.parametrize("query", [{"rodzaj": "wesele"}, {"od": "jutro"}, {"do": "9999-12-31"}, {"kiedy": "zawsze"}])
def test_a_filter_that_nobody_understands_shows_all(query, monday):
    make_on("2026-11-24", title="Forum")
    assert titles(**query) == ["Forum"]


def test_cancelled_and_postponed_is_said_in_words(monday):
    make_on("2026-11-24", run_state="cancelled")
    make_on("2026-11-25", run_state="postponed")
    page = read()
    assert pgettext("event", "cancelled") in page and pgettext("event", "postponed") in page


def test_an_event_that_is_for_staff_or_known_by_its_address_only_is_in_no_list(monday):
    internal = make_on("2026-11-24", visibility="internal")
    unlisted = make_on("2026-11-24", visibility="unlisted")
    assert titles() == []
    assert Client().get(internal.get_absolute_url()).status_code == 404
    assert '<meta name="robots" content="noindex">' in read(unlisted.get_absolute_url())


def test_thirty_dates_make_a_page(monday):
    for number in range(31):
        make_on("2026-11-24", title=f"Dyżur {number}")
    assert len(titles()) == 30
    assert len(titles(page=2)) == 1
    assert Client().get(LIST, {"page": 3}).status_code == 404


def test_an_empty_calendar_leads_to_the_archive():
    page = read()
    assert _("No events are planned now.") in page and f'href="{ARCHIVE}"' in page


# --- The archive ------------------------------------------------------------------------------------------------------


def test_the_archive_shows_the_last_year_and_offers_the_others(monday):
    make_on("2026-03-01", title="Wiosna")
    make_on("2026-09-01", title="Jesień")
    old = make_on("2025-12-31", title="Sylwester")
    assert titles(ARCHIVE) == ["Jesień", "Wiosna"]
    assert titles(ARCHIVE, rok="2025") == [old.title]
    assert "?rok=2025" in read(ARCHIVE)


@pytest.mark.parametrize("year", ["2019", "abc", "", "9" * 30])
def test_a_year_without_events_is_no_page(year, monday):
    make_on("2026-03-01")
    assert Client().get(ARCHIVE, {"rok": year}).status_code == 404


# --- The page ---------------------------------------------------------------------------------------------------------


def test_it_tells_who_when_and_where(monday):
    hall = make_institution(name="Dom Kultury", step_free_entrance="yes")
    event = make_on(
        "2026-11-24", institution=hall, session={"room": "sala 5"}, motto="Razem", audience="Opiekunowie",
        contact_name="Ewa Modrzycka", contact_phone="13 000 12 00", contact_email="ewa@jarzebin.example",
    )  # fmt: skip
    event.parties.create(role="organizer", institution=make_institution(name="PCPR"))
    event.parties.create(role="honorary_patron", name="Starosta Halina Brzezicka")
    page = read(event.get_absolute_url())
    for part in [
        "Razem", "Opiekunowie", "sala 5", "ul. Klonowa 12, 38-099 Jarzębin", "/placowki/pcpr/", "Halina Brzezicka",
        "tel:+48130001200", "mailto:ewa@jarzebin.example", f"/wydarzenia/{event.slug}.ics", 'class="access"',
    ]:  # fmt: skip
        assert part in page, part


def test_several_dates_make_a_table_with_the_state_of_each(monday):
    event = make_on("2026-11-24")
    event.sessions.create(starts_at=at("2026-12-01"), ends_at=at("2026-12-01", "12:00"), status="cancelled")
    rows = read(event.get_absolute_url()).split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert pgettext("event", "as planned") in rows[0] and pgettext("event", "cancelled") in rows[1]


def test_the_programme_stands_under_its_dates(monday):
    event = make_on("2026-11-24")
    second = event.sessions.create(starts_at=at("2026-12-01"), ends_at=at("2026-12-01", "12:00"))
    event.agenda.create(title="Powitanie", starts_at="09:00", minutes=15, session=event.sessions.first(), position=1)
    event.agenda.create(title="Zakończenie", session=second, position=2, speakers="Ewa Modrzycka – dyrektor PCPR")
    page = read(event.get_absolute_url())
    parts = ["9:00–9:15", "Powitanie", "Zakończenie", "Ewa Modrzycka – dyrektor PCPR"]
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)


def make_record(event, **fields) -> MeetingReport:
    report = MeetingReport.objects.create(event=event, **fields)
    report.topics.create(text="wspieranie rodziny", position=1)
    report.topics.create(text="piecza zastępcza", position=2)
    event.representatives.create(name="Halina Brzezicka", role_title="starosta", act="opened")
    event.audience_groups.create(label="kuratorzy sądowi", count=12)
    return report


def test_the_record_of_a_meeting_is_shown():
    event = make_event(starts_at=in_days(-3))
    make_record(event, headcount=31, goal="Poznać się.", conclusions="Spotkamy się znów.", text_credit="Kinga Wrzosek")
    page = read(event.get_absolute_url())
    parts = ["31", "kuratorzy sądowi", "Halina Brzezicka", "Poznać się.", "piecza zastępcza", "Spotkamy się znów."]
    for part in parts + ["Kinga Wrzosek"]:
        assert part in page
    assert re.search(r"<ol><li>wspieranie rodziny</li><li>piecza zastępcza</li></ol>", page)


def test_a_record_kept_to_the_office_hides_people_and_numbers_too():
    event = make_event(starts_at=in_days(-3))
    make_record(event, is_public=False, headcount=31, lead="Zapis wewnętrzny.")
    page = read(event.get_absolute_url())
    for part in ["Zapis wewnętrzny", "Halina Brzezicka", "kuratorzy sądowi", "wspieranie rodziny"]:
        assert part not in page


def test_a_person_of_two_parts_is_named_once():
    event = make_event(starts_at=in_days(-3))
    make_record(event)
    event.representatives.create(name="Halina Brzezicka", role_title="starosta", act="closed")
    assert read(event.get_absolute_url()).count("Halina Brzezicka") == 1


@pytest.mark.parametrize(
    "precision, words",
    [
        ("day", "5 marca 2027"),
        ("month", pgettext("when it is planned", "in March %(year)s") % {"year": 2027}),
        ("quarter", _("in quarter %(quarter)s of %(year)s") % {"quarter": "I", "year": 2027}),
        ("year", _("in the year %(year)s") % {"year": 2027}),
    ],
)
def test_a_next_step_is_dated_as_exactly_as_it_is_planned(precision, words):
    event = make_event(starts_at=in_days(-3))
    report = make_record(event)
    report.follow_ups.create(description="Wspólna lista", planned_on=date(2027, 3, 5), precision=precision)
    assert f"Wspólna lista, {words}" in read(event.get_absolute_url())


def test_a_next_step_leads_to_its_event_once_that_is_published():
    report = make_record(make_event(starts_at=in_days(-3)))
    coming = make_event(title="Drugie spotkanie", status="draft")
    report.follow_ups.create(description="Spotkamy się znów", linked_event=coming)
    assert "/wydarzenia/drugie-spotkanie/" not in read(report.event.get_absolute_url())
    coming.status = "published"
    coming.save()
    assert "/wydarzenia/drugie-spotkanie/" in read(report.event.get_absolute_url())


def test_articles_photos_funding_and_the_series_are_there():
    series = EventSeries.objects.create(title="Akademia rodziny", slug="akademia")
    project = FundedProject.objects.create(title="Bliżej", slug="blizej", notice="Dofinansowano z EFS+.")
    event = make_event(series=series, project=project)
    make_event(title="Część druga", series=series)
    make_event(title="Szkic części", series=series, status="draft")
    make_article(title="Zapraszamy", event=event)
    make_article(title="Szkic relacji", event=event, status="draft")
    for _number in range(2):
        make_photo(event)
    page = read(event.get_absolute_url())
    for part in ["Akademia rodziny", "Część druga", "Dofinansowano z EFS+.", "Zapraszamy", 'class="gallery"']:
        assert part in page
    assert "Szkic" not in page


def test_a_cancelled_event_keeps_its_page_with_a_clear_word():
    assert _("This event has been cancelled.") in read(make_event(run_state="cancelled").get_absolute_url())


def test_the_link_to_an_online_meeting_is_nowhere():
    event = make_event(session={"mode": "online", "online_url": "https://spotkanie.example/tajne"})
    for address in [event.get_absolute_url(), LIST, f"/wydarzenia/{event.slug}.ics", "/wydarzenia/kalendarz.ics"]:
        assert "tajne" not in read(address)


def test_search_engines_get_each_date_with_its_state(monday):
    event = make_on("2026-11-24", institution=make_institution(name="Dom Kultury", latitude=50.1, longitude=21.5))
    event.sessions.create(starts_at=at("2026-12-01"), ends_at=at("2026-12-01", "12:00"), status="cancelled")
    first, second = structured(read(event.get_absolute_url()))
    assert first["startDate"] == "2026-11-24T09:00+01:00"
    assert first["location"][0]["address"]["streetAddress"] == "ul. Klonowa 12"
    assert [first["eventStatus"][-14:], second["eventStatus"][-14:]] == ["EventScheduled", "EventCancelled"]


def test_the_old_address_leads_to_the_new_one():
    event = make_event(title="Stara nazwa")
    event.title = "Nowa nazwa"
    event.save()
    assert Client().get("/wydarzenia/stara-nazwa/")["Location"] == "/wydarzenia/nowa-nazwa/"
    assert Client().get("/wydarzenia/stara-nazwa.ics")["Location"] == "/wydarzenia/nowa-nazwa.ics"


def test_staff_see_a_draft_on_its_page_without_its_calendar_file():
    draft = make_event(status="draft")
    client = Client()
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(make_user(is_superuser=True))
    page = client.get(draft.get_absolute_url())
    assert page.status_code == 200 and ".ics" not in page.content.decode()
