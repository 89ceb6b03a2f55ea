"""Forgetting: what is due disappears everywhere, what is not stays, counts stay true, nobody has to press a button."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from events.registration import retention, seats
from events.registration.models import (
    Attendance,
    Certificate,
    Needs,
    Participant,
    PeopleAccess,
    Registration,
    RetentionPolicy,
    RetentionRun,
    StatusChange,
)
from portal.outbox.models import Message
from tests.make import in_days, make_event, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db
MARK = "ZZTEST"


@pytest.fixture(autouse=True)
def office():
    return make_office()


def everything() -> str:
    """All rows of all tables as one text."""
    rows = (row for model in apps.get_models() for row in model._base_manager.values())
    return "\n".join(str(row) for row in rows)


def counts() -> dict[str, int]:
    models = [Registration, Participant, StatusChange, Attendance, Certificate, Message]
    return {model.__name__: model.objects.count() for model in models}


def marked_entry(email: str, people: int = 1) -> seats.Entry:
    person = seats.Person(f"Anna{MARK}", f"Lis{MARK}", f"Instytucja {MARK}", f"Stanowisko {MARK}")
    return seats.Entry(
        people=[person] * people, email=email, phone=f"13 000 10 20 {MARK}", town=f"Miasto {MARK}",
        remarks=f"Uwaga {MARK}", needs={"wheelchair": True, "other": f"potrzeba {MARK}"},
        consents={"photo": "Zgadzam się."},
    )  # fmt: skip


def a_training_full_of_marks():
    """Over since an hour: a couple who came and got a certificate, one who resigned, one who waited in vain."""
    event = make_event(starts_at=timezone.now() + timedelta(days=3))
    signup = make_signup(event, capacity=2, max_seats=2)
    came, _new = seats.sign_up(signup.pk, marked_entry("came-zztest@poczta.example", 2))
    waited, _new = seats.sign_up(signup.pk, marked_entry("waited-zztest@poczta.example"))
    resigned, _new = seats.sign_up(signup.pk, marked_entry("resigned-zztest@poczta.example"))
    seats.cancel(resigned.uid, seats.PERSON)
    for person in came.participants.all():
        Attendance.objects.create(participant=person, session=event.sessions.get(), state="present")
    content = {"name": f"Anna{MARK} Lis{MARK}", "initials": "A. L.", "title": "Szkolenie"}
    Certificate.objects.create(
        participant=came.participants.first(), signup=signup, kind="attendance", number="ZU/1/2026", code="c" * 32,
        content=content,
    )  # fmt: skip
    Message.objects.update(status="sent", sent_at=timezone.now())
    return signup, came, waited, resigned


def is_marked() -> bool:
    return MARK in everything() or "zztest" in everything()


def after(days: float):
    return time_machine.travel(in_days(3 + days))


# --- Period by period -------------------------------------------------------------------------------------------------


def test_each_kind_of_data_goes_when_its_time_is_over_and_not_before():
    signup, came, waited, resigned = a_training_full_of_marks()
    before = counts()
    with after(13):
        seats.settle_all()
        retention.forget()
        assert Needs.objects.count() == 3
    with after(15):
        retention.forget()
        assert Needs.objects.count() == 0
        waited.refresh_from_db()
        assert waited.email
    with after(31):
        retention.forget()
        for gone in (waited, resigned):
            gone.refresh_from_db()
            assert gone.anonymised_at and gone.email == "" and gone.participants.get().last_name == ""
        came.refresh_from_db()
        assert came.email
    with after(91):
        retention.forget()
        came.refresh_from_db()
        assert came.contact_erased_at and not came.anonymised_at
        assert (came.email, came.email_norm, came.phone, came.town, came.remarks) == ("", "", "", "", "")
        assert came.participants.first().last_name == f"Lis{MARK}"  # the register of attendance
        assert "zztest" not in everything()
    with after(10 * 365 + 5):
        retention.forget()
        assert not is_marked()
        certificate = Certificate.objects.get()
        assert (certificate.number, certificate.content["title"]) == ("ZU/1/2026", "Szkolenie")
        after_all = counts()
        assert after_all.pop("StatusChange") == before.pop("StatusChange") + 1  # who waited was ended
        assert after_all == before
        assert seats.seats_taken(signup) == 2
        call_command("events_check")


def test_a_second_run_and_a_dry_run_change_nothing():
    a_training_full_of_marks()
    with after(40):
        seats.settle_all()
        world = everything()
        dry = retention.forget(is_dry_run=True)
        assert set(everything().splitlines()) - set(world.splitlines()) == {str(RetentionRun.objects.values().get())}
        assert set(world.splitlines()) <= set(everything().splitlines())
        real = retention.forget()
        assert real.counts == dry.counts
        assert real.counts["inactive"] == 2 and real.counts["needs"] == 1
        once = everything()
        assert not any(retention.forget().counts.values())
        assert everything() == once
    assert RetentionRun.objects.count() == 2


def test_a_legal_hold_keeps_everything():
    signup, *_people = a_training_full_of_marks()
    type(signup).objects.update(legal_hold=True, legal_hold_reason="kontrola")
    with after(11 * 365):
        assert not any(retention.forget().counts.values())
        assert is_marked()


def test_an_address_that_was_never_confirmed_is_forgotten_after_two_days():
    signup = make_signup(verifies_email=True)
    registration = make_registration(signup, email="zztest@poczta.example")
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        seats.settle_all()
        retention.forget()
        assert is_marked()
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert retention.forget().counts["unconfirmed"] == 1
    registration.refresh_from_db()
    assert (registration.status, registration.email) == ("expired", "")
    assert not is_marked()


def test_nobody_is_written_to_after_being_forgotten():
    signup = make_signup(capacity=0)
    registration = make_registration(signup, email="zztest@poczta.example")
    assert Message.objects.get().status == "queued"
    with time_machine.travel(in_days(60)):
        seats.settle_all()
        retention.forget()
    letter = Message.objects.about(registration).first()
    assert (letter.status, letter.to, letter.text) == ("failed", "", "")


def test_a_letter_that_was_on_its_way_meanwhile_is_emptied_by_the_next_run():
    signup = make_signup(capacity=0)
    make_registration(signup, email="zztest@poczta.example")
    Message.objects.update(status="sending")
    with time_machine.travel(in_days(60)):
        seats.settle_all()
        retention.forget()
        assert is_marked()
        Message.objects.update(status="sent")
        retention.forget()
    assert not is_marked()


def test_the_office_sets_the_periods_and_may_keep_names_for_good():
    _signup, came, *_others = a_training_full_of_marks()
    RetentionPolicy(contact_days=10, names_years=None).save()
    with after(11):
        retention.forget()
    came.refresh_from_db()
    assert came.email == ""
    with after(30 * 365):
        retention.forget()
    assert came.participants.first().last_name


def test_looks_at_people_are_forgotten_after_two_years():
    PeopleAccess.objects.create(user=make_user(), look="list")
    with time_machine.travel(in_days(729)):
        assert retention.forget().counts["access"] == 0
    with time_machine.travel(in_days(731)):
        assert retention.forget().counts["access"] == 1


def test_a_kind_that_fails_does_not_keep_the_others_and_is_told(monkeypatch):
    a_training_full_of_marks()
    broken = [(name, find, act) for name, find, act in retention.CLASSES if name != "needs"]
    monkeypatch.setattr(retention, "CLASSES", [("needs", retention.needy, lambda keys: 1 / 0), *broken])
    with after(40):
        seats.settle_all()
        run = retention.forget()
    assert "needs" in run.error
    assert run.counts["inactive"] == 2


def test_an_event_without_a_date_is_measured_by_what_last_happened():
    event = make_event(starts_at=in_days(5))
    signup = make_signup(event)
    registration = make_registration(signup)
    seats.cancel(registration.uid, seats.PERSON)
    event.sessions.all().delete()
    with time_machine.travel(in_days(29)):
        assert retention.forget().counts["inactive"] == 0
    with time_machine.travel(in_days(31)):
        assert retention.forget().counts["inactive"] == 1


def test_many_are_forgotten_in_batches(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 3)
    signup = make_signup(capacity=0)
    for _number in range(8):
        make_registration(signup)
    with time_machine.travel(in_days(60)):
        seats.settle_all()
        assert retention.forget().counts["inactive"] == 8


# --- For administrators -----------------------------------------------------------------------------------------------


def test_the_command_reports_and_a_dry_run_says_so(capsys):
    a_training_full_of_marks()
    with after(40):
        seats.settle_all()
        call_command("retention", "--dry-run")
        dry = capsys.readouterr().out
        call_command("retention")
        real = capsys.readouterr().out
    assert dry.splitlines()[1:] == real.splitlines()[1:]
    assert dry.splitlines()[0] != real.splitlines()[0]
    assert ": 2" in real


def test_an_administrator_counts_by_a_button_and_sets_the_periods(client):
    client.force_login(make_user(groups=["Administrator"]))
    response = client.get("/admin/registration/retentionpolicy/", follow=True)
    assert response.status_code == 200
    response = client.post(response.redirect_chain[-1][0], {
        "unconfirmed_hours": 48, "inactive_days": 20, "needs_days": 14, "contact_days": 90, "names_years": "",
        "access_days": 730,
    })  # fmt: skip
    assert RetentionPolicy.current().inactive_days == 20
    assert client.get("/admin/registration/retentionrun/count/").status_code == 405
    client.post("/admin/registration/retentionrun/count/")
    assert RetentionRun.objects.get().is_dry_run
    for page in ("retentionrun", "erasure", "peopleaccess"):
        assert client.get(f"/admin/registration/{page}/").status_code == 200
        assert client.get(f"/admin/registration/{page}/add/").status_code == 403


def test_a_clerk_does_not_see_the_registers(client):
    client.force_login(make_user(groups=["Organizator"]))
    for page in ("retentionpolicy", "retentionrun", "erasure", "peopleaccess"):
        assert client.get(f"/admin/registration/{page}/").status_code == 403
