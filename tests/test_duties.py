"""The office's calendar of duties: seen on the board, reminded by mail, done with one press, due again by itself."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.duties.models import Duty
from portal.duties.reminding import remind
from portal.duties.usual import make_usual_duties
from portal.outbox.models import Message
from tests.forms import fill, messages, read
from tests.make import make_user

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/duties/duty/", "/admin/duties/duty/add/"
TODAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def first_of_march():
    with time_machine.travel("2027-03-01 10:00:00+01:00", tick=False):
        yield


def make_duty(due_on: str = "2027-03-31", **fields) -> Duty:
    defaults = {"title": "Przegląd deklaracji dostępności", "responsible_email": "dostepnosc@jarzebin.example"}
    return Duty.objects.create(due_on=date.fromisoformat(due_on), **defaults | fields)


def form_of(duty: Duty) -> str:
    return reverse("admin:duties_duty_change", args=[duty.pk])


@pytest.fixture
def publisher(client):
    client.force_login(make_user(groups=["Wydawca"]))


# --- When it is due again ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "period", "done_on", "following"),
    [
        ("2027-03-31", 12, "2027-03-01", "2028-03-31"),
        ("2027-03-31", 12, "2027-04-20", "2028-03-31"),  # late, but not forgotten
        ("2025-03-31", 48, "2027-03-01", "2029-03-31"),
        ("2024-01-15", 12, "2027-03-01", "2028-01-15"),  # missed more than once
        ("2027-01-31", 1, "2027-01-31", "2027-02-28"),
        ("2027-01-31", 1, "2027-02-28", "2027-03-31"),  # the end of a month stays the end
        ("2027-06-30", 3, "2027-06-30", "2027-09-30"),
        ("2027-09-30", 3, "2027-09-30", "2027-12-31"),
        ("2028-02-29", 12, "2028-02-29", "2029-02-28"),
    ],
)
def test_what_is_done_is_due_again_at_its_next_day(due_on, period, done_on, following):
    duty = make_duty(due_on, period=period)
    duty.complete(date.fromisoformat(done_on))
    duty.refresh_from_db()
    assert (duty.due_on.isoformat(), duty.done_on.isoformat()) == (following, done_on)


def test_a_new_office_begins_with_the_usual_duties():
    made = make_usual_duties("pcpr@jarzebin.example")
    assert len(made) >= 5 and min(duty.due_on for duty in made) >= TODAY
    for duty in made:
        duty.full_clean()
    report = Duty.objects.get(title__startswith="Raport o stanie")
    assert report.due_on == date(2029, 3, 31)


def test_a_second_press_of_the_button_changes_nothing():
    duty = make_duty("2027-03-31")
    for _press in range(2):
        duty.complete(TODAY)
    assert duty.due_on == date(2028, 3, 31)


def test_what_is_to_be_done_once_is_finished():
    duty = make_duty(period=0)
    duty.complete(TODAY)
    assert not Duty.objects.open().exists() and duty.done_on == TODAY


# --- The board and the form -------------------------------------------------------------------------------------------


def test_the_board_shows_what_is_near_and_what_is_late(client, publisher):
    make_duty("2027-02-28", title="Koszt w DPS")
    make_duty("2027-03-31", title="Przegląd deklaracji", remind_days=30)
    make_duty("2027-04-15", title="Sprawozdanie roczne", remind_days=30)
    board = client.get("/admin/").content.decode()
    assert "Koszt w DPS" in board and "Przegląd deklaracji" in board
    assert "Sprawozdanie roczne" not in board


def test_a_duty_is_entered_and_done_with_one_press(client, publisher):
    fields = {
        "title": "Raport o dostępności",
        "due_on": "31.03.2027",
        "period": "48",
        "responsible_email": "a@b.example",
    }
    fill(client, ADD, "_save", **fields)
    duty = Duty.objects.get()
    answer = fill(client, form_of(duty), "_done")
    duty.refresh_from_db()
    assert duty.due_on == date(2031, 3, 31) and duty.done_on == TODAY
    assert any("31 marca 2031" in words for words in messages(client.get(answer["Location"])))


def test_several_are_done_from_the_list(client, publisher):
    duties = [make_duty("2027-03-31"), make_duty("2027-03-31", period=0)]
    client.post(LIST, {"action": "complete_selected", "_selected_action": [duty.pk for duty in duties]})
    assert sorted(Duty.objects.values_list("is_finished", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"title": ""}, "title"),
        ({"due_on": "31.02.2027"}, "due_on"),
        ({"responsible_email": "kierownik"}, "responsible_email"),
        ({"remind_days": "-1"}, "remind_days"),
        ({"remind_days": "32000"}, "remind_days"),
        ({"due_on": "05.01.0001"}, "due_on"),
        ({"note": "PESEL 44051401359"}, "note"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, publisher, fields, beside):
    good = {"title": "Raport", "due_on": "31.03.2027", "responsible_email": "a@b.example", "note": "Zebrać liczby."}
    answer = fill(client, ADD, "_save", **good | fields)
    assert answer.context["adminform"].form.errors.keys() == {beside}
    shown = read(answer).fields
    assert all(shown[name] == [value] for name, value in (good | fields).items())


@pytest.mark.parametrize("group", ["Redaktor", "Organizator"])
def test_whose_matter_it_is_not_does_not_see_it(client, group):
    client.force_login(make_user(groups=[group]))
    assert client.get(LIST).status_code == 403


# --- Letters ----------------------------------------------------------------------------------------------------------


def letters_on(day: str) -> list[str]:
    """What a tick of that day writes."""
    known = set(Message.objects.values_list("pk", flat=True))
    with time_machine.travel(f"{day} 10:00:00+01:00", tick=False):
        remind()
        remind()
    return [message.subject for message in Message.objects.exclude(pk__in=known)]


def test_three_letters_go_to_whose_duty_it_is_each_once():
    make_duty("2027-03-31", title="Przegląd", remind_days=30)
    assert letters_on("2027-02-27") == []
    assert letters_on("2027-03-01") == ["Do 31 marca 2027: Przegląd"]
    assert letters_on("2027-03-10") == []
    assert letters_on("2027-03-24") == ["Do 31 marca 2027: Przegląd"]
    assert letters_on("2027-03-31") == []
    assert letters_on("2027-04-01") == ["Po terminie od 31 marca 2027: Przegląd"]
    assert letters_on("2027-05-01") == []
    assert {message.to for message in Message.objects.all()} == {"dostepnosc@jarzebin.example"}


def test_the_next_year_is_reminded_anew_and_what_is_finished_never():
    yearly, once = make_duty("2027-03-31"), make_duty("2027-03-31", period=0)
    assert len(letters_on("2027-03-05")) == 2
    for duty in (yearly, once):
        duty.complete(date(2027, 3, 6))
    assert letters_on("2027-03-30") == []
    assert len(letters_on("2028-03-05")) == 1


def test_the_letter_leads_to_the_duty():
    duty = make_duty(note="Sprawdzić formularze.", legal_basis="art. 12")
    remind()
    text = Message.objects.get().text
    assert "Sprawdzić formularze." in text and "art. 12" in text and form_of(duty) in text


def test_a_day_moved_by_hand_moves_its_reminder():
    duty = make_duty("2027-09-30")
    assert not Duty.objects.soon().exists()
    duty.due_on = timezone.localdate() + timedelta(days=5)
    duty.save()
    assert Duty.objects.soon().get() == duty
