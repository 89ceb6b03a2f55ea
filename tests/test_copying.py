""" "Jak poprzednie szkolenie": an event and its sign-up again, on other days, without its people."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from events.models import Event, MeetingReport
from events.registration import seats
from events.registration.models import SignUp
from tests.make import in_days, make_event, make_institution, make_office, make_photo, make_registration, make_user

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture
def training():
    """Two Tuesdays in March 2027, the change of clocks between them; cancelled, recorded, with people."""
    make_office()
    place = make_institution()
    start = datetime(2027, 3, 23, 9, tzinfo=WARSAW)
    event = make_event(
        title="Szkolenie 1", starts_at=start, institution=place, kind="training", run_state="cancelled",
        session={"didactic_hours": 4}, description="<p>Opis</p>", contact_phone="13 000 10 20",
    )  # fmt: skip
    second = event.sessions.create(
        starts_at=datetime(2027, 3, 30, 9, tzinfo=WARSAW), ends_at=datetime(2027, 3, 30, 12, tzinfo=WARSAW)
    )
    event.agenda.create(session=second, title="Więź")
    event.parties.create(role="organizer", institution=place)
    event.representatives.create(name="Ewa Modrzycka")
    event.audience_groups.create(label="kuratorzy", count=7)
    MeetingReport.objects.create(event=event, lead="Było.")
    make_photo(event)
    signup = SignUp.objects.create(
        event=event, capacity=14, max_seats=2, programme_decision="DPR 7/2024",
        legal_hold=True, legal_hold_reason="spór",
        opens_at=start - timedelta(days=20), closes_at=start - timedelta(days=2),
    )  # fmt: skip
    signup.reminders.create(hours_before=72)
    Event.objects.filter(pk=event.pk).update(run_state="planned")
    make_registration(signup, by=seats.staff(None))
    Event.objects.filter(pk=event.pk).update(run_state="cancelled")
    return Event.objects.get(pk=event.pk)


def copy(client, event, **fields):
    client.force_login(make_user(groups=["Organizator"]))
    return client.post(
        f"/admin/events/event/{event.pk}/copy/", {"title": "Szkolenie 2", "first_day": "05.10.2027", **fields}
    )


def test_the_copy_is_a_draft_on_other_days_at_the_same_hours(client, training):
    response = copy(client, training)
    new = Event.objects.get(title="Szkolenie 2")
    assert response["Location"] == f"/admin/events/event/{new.pk}/change/"
    assert (new.status, new.run_state, new.kind, new.description) == ("draft", "planned", "training", "<p>Opis</p>")
    assert new.uid != training.uid and new.slug != training.slug
    starts = [timezone.localtime(session.starts_at) for session in new.sessions.all()]
    assert [f"{start:%d.%m %H:%M}" for start in starts] == ["05.10 09:00", "12.10 09:00"]
    assert new.agenda.get().session == new.sessions.last()
    assert new.parties.get().name == training.parties.get().name


def test_what_belongs_to_one_meeting_is_not_copied(client, training):
    copy(client, training)
    new = Event.objects.get(title="Szkolenie 2")
    assert not new.representatives.exists() and not new.photos.exists() and not hasattr(new, "report")
    assert new.audience_groups.get().count is None


def test_the_rules_of_sign_up_come_along_and_nobody_is_registered(client, training):
    copy(client, training)
    old, new = SignUp.objects.get(event=training), SignUp.objects.get(event__title="Szkolenie 2")
    assert (new.capacity, new.max_seats, new.programme_decision) == (14, 2, "DPR 7/2024")
    assert (new.seq, new.told_schedule, new.legal_hold) == (0, "", False)
    assert new.registrations.count() == 0 and new.reminders.get().hours_before == 72
    days = (date(2027, 10, 5) - date(2027, 3, 23)).days
    assert timezone.localtime(new.opens_at).date() == timezone.localtime(old.opens_at).date() + timedelta(days=days)
    assert timezone.localtime(new.closes_at).hour == timezone.localtime(old.closes_at).hour == 9


def test_bad_input_is_said_beside_its_field(client, training):
    days = [{"first_day": day} for day in ("", "31.02.2027", "31.12.9999")]
    for fields in [{"title": ""}, {"title": "x" * 251}, *days]:
        response = copy(client, training, **fields)
        assert list(response.context["form"].errors) == list(fields)
    assert Event.objects.count() == 1


def test_a_night_of_clock_changes_keeps_its_length(client):
    start = datetime(2027, 3, 21, 2, 30, tzinfo=WARSAW)
    event = make_event(title="Nocne czuwanie", starts_at=start)
    event.sessions.update(ends_at=start + timedelta(minutes=30))
    assert copy(client, event, first_day="28.03.2027").status_code == 302
    session = Event.objects.get(title="Szkolenie 2").sessions.get()
    assert session.ends_at - session.starts_at == timedelta(minutes=30)


def test_an_event_without_dates_is_copied_without_asking_for_one(client):
    event = make_event(title="Bez terminu")
    event.sessions.all().delete()
    assert copy(client, event, first_day="").status_code == 302
    assert not Event.objects.get(title="Szkolenie 2").sessions.exists()


def test_who_may_not_add_events_copies_none(client):
    event = make_event(starts_at=in_days(3))
    client.force_login(make_user(groups=["Redaktor"]))
    assert (
        client.post(f"/admin/events/event/{event.pk}/copy/", {"title": "x", "first_day": "05.10.2027"}).status_code
        == 403
    )
