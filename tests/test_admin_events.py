"""A clerk at work on events and their records, without training."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event, MeetingReport
from tests.forms import fill, press, read
from tests.make import in_days, jpeg, make_event, make_institution, make_photo, make_user

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/events/event/", "/admin/events/event/add/"
REPORT_ADD = "/admin/events/meetingreport/add/"


@pytest.fixture(autouse=True)
def organiser(client):
    user = make_user(groups=["Organizator"])
    client.force_login(user)
    return user


def form_of(event) -> str:
    return reverse("admin:events_event_change", args=[event.pk])


def form_of_report(report) -> str:
    return reverse("admin:events_meetingreport_change", args=[report.pk])


def past_event(**fields) -> Event:
    return make_event(starts_at=in_days(-2), **fields)


def tools(response) -> dict[str, str]:
    return {tool.url: tool.label for tool in response.context["tools"]}


# --- Events -----------------------------------------------------------------------------------------------------------


def test_a_meeting_is_entered_whole_in_one_form(client):
    place = make_institution(name="DPS Pod Lipami")
    fields = {
        "kind": "staff_meeting",
        "title": "Narada kadry",
        "sessions-0-starts_at_0": "26.09.2026",
        "sessions-0-starts_at_1": "9:00",
        "sessions-0-ends_at_0": "26.09.2026",
        "sessions-0-ends_at_1": "14:30",
        "sessions-0-institution": place.pk,
        "sessions-0-room": "sala 12",
        "agenda-0-title": "Wspieranie rodziny",
        "agenda-0-starts_at": "9:15",
        "agenda-0-speakers": "Ewa Modrzycka – dyrektor",
        "parties-0-role": "organizer",
        "parties-0-institution": place.pk,
        "representatives-0-name": "Ewa Modrzycka",
        "representatives-0-act": "opened",
        "audience_groups-0-label": "kuratorzy sądowi",
        "audience_groups-0-count": "12",
        "new_photos": [jpeg(), jpeg()],
    }
    fill(client, ADD, "_publish", **fields)
    event = Event.objects.get()
    session = event.sessions.get()
    assert f"{session}" == "26.09.2026 09:00"
    assert session.place_name == "DPS Pod Lipami, sala 12"
    assert event.agenda.get().speaker_list == [{"name": "Ewa Modrzycka", "role": "dyrektor"}]
    assert event.parties.get().name == "DPS Pod Lipami"
    assert event.representatives.get().act == "opened"
    assert event.audience_groups.get().count == 12
    assert event.photos.count() == 2
    assert event.is_published


def test_several_dates_can_be_added_and_one_called_off(client):
    event = make_event()
    more = {"sessions-TOTAL_FORMS": "2", "sessions-1-starts_at_0": "01.12.2026", "sessions-1-starts_at_1": "10:00"}
    more |= {
        "sessions-1-ends_at_0": "01.12.2026",
        "sessions-1-ends_at_1": "12:00",
        "sessions-1-mode": "onsite",
        "sessions-1-status": "planned",
    }
    fill(client, form_of(event), **more)
    assert event.sessions.count() == 2
    fill(client, form_of(event), **{"sessions-1-status": "cancelled"})
    assert sorted(session.is_cancelled for session in event.sessions.all()) == [False, True]


def test_a_date_that_ends_before_it_starts_is_refused_and_the_form_keeps_what_was_typed(client):
    fields = {"title": "Narada", "sessions-0-starts_at_0": "26.09.2026", "sessions-0-starts_at_1": "14:00"}
    fields |= {"sessions-0-ends_at_0": "26.09.2026", "sessions-0-ends_at_1": "9:00", "agenda-0-title": "Pierwszy punkt"}
    answer = fill(client, ADD, **fields)
    assert answer.status_code == 200
    assert read(answer).fields["agenda-0-title"] == ["Pierwszy punkt"]
    assert not Event.objects.exists()


def test_a_party_needs_an_institution_or_a_name(client):
    answer = fill(client, form_of(make_event()), **{"parties-0-role": "partner"})
    assert answer.status_code == 200 and any(answer.context["errors"])


def test_a_point_of_the_programme_is_offered_the_dates_of_its_own_event_only(client):
    event, other = make_event(), make_event()
    event.agenda.create(title="Punkt")
    page = client.get(form_of(event)).content.decode()
    assert f'value="{event.sessions.get().pk}"' in page
    foreign = {"agenda-0-session": str(other.sessions.get().pk)}
    assert fill(client, form_of(event), **foreign).status_code == 200  # refused
    assert event.agenda.get().session is None


def test_empty_parts_of_the_form_are_folded_away_and_filled_ones_are_open(client):
    event = make_event()
    event.agenda.create(title="Punkt")
    inlines = {inline.formset.prefix: inline for inline in client.get(form_of(event)).context["inline_admin_formsets"]}
    assert inlines["parties"].is_collapsible
    assert not inlines["agenda"].is_collapsible


def test_the_list_shows_when_it_begins_and_tells_past_from_coming(client):
    past_event(title="Była", kind="staff_meeting")
    make_event(title="Będzie")
    recorded = past_event(title="Z notatką")
    MeetingReport.objects.create(event=recorded)
    make_event(title="Dawna", starts_at=in_days(-200))

    def found(value):
        return {str(row) for row in client.get(LIST, {"takes_place": value}).context["cl"].result_list}

    assert found("upcoming") == {"Będzie"}
    assert found("past") == {"Była", "Z notatką", "Dawna"}
    assert found("unrecorded") == {"Była"}
    first = client.get(LIST).context["cl"].result_list[0]
    assert str(first) == "Będzie"


def test_the_list_asks_as_many_queries_for_thirty_as_for_three(client):
    def queries() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    for _number in range(3):
        make_photo(make_event())
    few = queries()
    for _number in range(27):
        make_photo(make_event())
    assert queries() == few


def test_a_form_with_thirty_points_asks_no_query_for_each(client):
    def queries(points: int) -> int:
        event = make_event()
        for number in range(points):
            event.agenda.create(title=f"Punkt {number}", session=event.sessions.get())
        client.get(form_of(event))
        with CaptureQueriesContext(connection) as captured:
            client.get(form_of(event))
        return len(captured)

    assert queries(30) == queries(3)


# --- The record of a meeting ------------------------------------------------------------------------------------------


def test_the_record_of_a_past_event_begins_with_the_topics_of_its_programme(client):
    event = past_event()
    event.agenda.create(title="Otwarcie", kind="opening", position=1)
    event.agenda.create(title="Wspieranie rodziny", position=2)
    event.agenda.create(title="Przerwa", kind="break", position=3)
    event.agenda.create(title="Mieszkania", kind="panel", position=4)
    address = next(url for url in tools(client.get(form_of(event))) if url.startswith(REPORT_ADD))
    assert read(client.get(address)).fields["topics-1-text"] == ["Mieszkania"]
    fill(client, address, **{"topics-1-text": "Mieszkania wspomagane"})
    report = MeetingReport.objects.get()
    assert report.event == event
    assert [topic.text for topic in report.topics.all()] == ["Wspieranie rodziny", "Mieszkania wspomagane"]
    assert form_of_report(report) in tools(client.get(form_of(event)))


def test_there_is_no_record_of_what_is_still_to_come(client):
    assert not any("meetingreport" in url for url in tools(client.get(form_of(make_event()))))


def test_looking_at_an_empty_record_makes_none(client):
    client.get(f"{REPORT_ADD}?event={past_event().pk}")
    assert not MeetingReport.objects.exists()


@pytest.mark.parametrize("query", ["?event=abc", "?event=999999", "?event=" + "9" * 40, "?event=-1", "?event=%00"])
def test_a_mistyped_address_of_a_new_record_is_no_error(client, query):
    assert client.get(REPORT_ADD + query).status_code == 200


def test_an_event_has_one_record(client):
    report = MeetingReport.objects.create(event=past_event())
    answer = fill(client, f"{REPORT_ADD}?event={report.event_id}")
    assert "event" in answer.context["adminform"].form.errors


def test_next_steps_are_entered_with_the_record(client):
    event, coming = past_event(), make_event()
    fields = {
        "follow_ups-0-description": "II forum",
        "follow_ups-0-planned_on": "17.11.2026",
        "follow_ups-0-linked_event": coming.pk,
    }
    fill(client, f"{REPORT_ADD}?event={event.pk}", **fields)
    assert MeetingReport.objects.get().follow_ups.get().linked_event == coming


def test_a_next_step_cannot_be_the_meeting_itself(client):
    event = past_event()
    fields = {"follow_ups-0-description": "To samo", "follow_ups-0-linked_event": event.pk}
    assert fill(client, f"{REPORT_ADD}?event={event.pk}", **fields).status_code == 200
    assert not MeetingReport.objects.exists()


def test_two_clerks_do_not_overwrite_each_others_record(client):
    report = MeetingReport.objects.create(event=past_event())
    opened = read(client.get(form_of_report(report)))
    report.goal = "Cel drugiej osoby"
    report.save()
    answer = press(client, form_of_report(report), opened, goal="Mój cel")
    assert read(answer).fields["goal"] == ["Mój cel"]
    report.refresh_from_db()
    assert report.goal == "Cel drugiej osoby"
