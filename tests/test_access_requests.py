"""Anybody reports what they cannot use, without an account; the office answers within the term of the law."""

import time
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from portal.accessibility.access_requests import TERM, AccessRequest, forget_old
from portal.accessibility.forms import PURPOSE
from portal.accessibility.models import AccessInfo
from portal.content import stamps
from portal.content.dates import months_later
from portal.outbox.models import Message
from tests.forms import fill
from tests.make import in_days, make_office, make_page, make_user

pytestmark = pytest.mark.django_db

PAGE, FORM, SCOPE = "/dostepnosc/", "/dostepnosc/zglos/", "/dostepnosc/zakres-dzialalnosci.txt"
GOOD = {
    "subject": "barrier",
    "place": "Wniosek o dofinansowanie turnusu (PDF)",
    "barrier": "Czytnik ekranu nic nie czyta.",
    "answer_by": "email",
    "email": "zaneta@poczta.example",
}


@pytest.fixture(autouse=True)
def office():
    return make_office(coordinator_name="Lucyna Brzozowiec", coordinator_email="dostepnosc@jarzebin.example")


@pytest.fixture
def page():
    return make_page(slug="dostepnosc", title="Dostępność")


def stamp(age: float = 60) -> str:
    with time_machine.travel(timezone.now() - timedelta(seconds=age)):
        return stamps.make(PURPOSE)


def send(client, **fields):
    return client.post(FORM, {"stamp": stamp(), **GOOD, **fields})


def make_request(**fields) -> AccessRequest:
    defaults = {name: value for name, value in GOOD.items()}
    return AccessRequest.objects.create(**defaults | fields)


def form_of(request: AccessRequest) -> str:
    return reverse("admin:accessibility_accessrequest_change", args=[request.pk])


# --- The resident -----------------------------------------------------------------------------------------------------


def test_a_barrier_is_reported_without_account_and_cookie(client, page):
    assert f'href="{FORM}"' in client.get(PAGE).content.decode()
    opened = client.get(FORM)
    sent = send(client)
    assert (opened.status_code, sent.status_code, sent["Location"]) == (200, 303, f"{FORM}przyjete/")
    assert client.get(sent["Location"]).status_code == 200
    assert not client.cookies
    request = AccessRequest.objects.get()
    assert request.due_on == timezone.localdate() + timedelta(days=7)
    assert request.number == f"{request.pk}/{timezone.localdate().year}"


def test_the_coordinator_and_the_person_are_told_and_no_letter_to_the_office_names_anybody(client):
    send(client, name="Żaneta Gęślik")
    to_office, to_person = Message.objects.order_by("pk")
    assert (to_office.to, to_person.to) == ("dostepnosc@jarzebin.example", "zaneta@poczta.example")
    for letter in (to_office.subject, to_office.text, to_office.html):
        assert "Gęślik" not in letter and "zaneta@" not in letter and "turnusu" not in letter
    assert AccessRequest.objects.get().number in to_person.subject


def test_who_wants_a_call_gets_no_letter(client):
    send(client, answer_by="phone", phone="600 000 120", email="")
    assert Message.objects.count() == 1


def test_a_second_press_of_the_button_is_the_same_request(client):
    same = stamp()
    for _press in range(2):
        assert send(client, stamp=same).status_code == 303
    assert AccessRequest.objects.count() == 1 and Message.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"place": ""}, "place"),
        ({"barrier": " "}, "barrier"),
        ({"subject": "alternative"}, "wanted"),
        ({"subject": "inne"}, "subject"),
        ({"answer_by": "letter"}, "address"),
        ({"answer_by": "phone"}, "phone"),
        ({"answer_by": "phone", "phone": "zadzwoń"}, "phone"),
        ({"email": ""}, "email"),
        ({"email": "zaneta"}, "email"),
        ({"barrier": "Mój PESEL to 44051401359"}, "barrier"),
        ({"place": "strona\x00główna"}, "place"),
        ({"barrier": "x" * 2001}, "barrier"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client, fields, beside):
    answer = send(client, name="Żaneta Gęślik", **fields)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [beside]
    assert 'value="Żaneta Gęślik"' in answer.content.decode()
    assert not AccessRequest.objects.exists()


def test_robots_are_sent_back(client):
    assert "__all__" in send(client, stamp=stamp(age=0)).context["form"].errors
    assert "__all__" in send(client, stamp="x").context["form"].errors
    assert "website" in send(client, website="https://spam.example").context["form"].errors
    assert not AccessRequest.objects.exists()


def test_the_form_itself_can_be_sent(client):
    opened = client.get(FORM)
    time.sleep(stamps.LEAST_SECONDS + 0.2)
    assert client.post(FORM, {**GOOD, "stamp": opened.context["form"].initial["stamp"]}).status_code == 303


def test_one_network_cannot_flood_the_office(client):
    answers = [send(client) for _number in range(21)]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    assert GOOD["place"] in answers[-1].content.decode()


def test_the_form_lies_in_no_cache(client):
    for address in (FORM, f"{FORM}przyjete/"):
        assert client.get(address)["Cache-Control"] == "private, no-store"


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_tells_what_the_law_asks(client, page):
    AccessInfo.objects.create(
        easy_text="<h2>Kim jesteśmy</h2><p>Pomagamy ludziom.</p>", scope="<p>Zajmujemy się pieczą zastępczą.</p>"
    )
    html = client.get(PAGE).content.decode()
    for words in ("Lucyna Brzozowiec", "Pomagamy ludziom.", "pieczą zastępczą", SCOPE, "nagranie w przygotowaniu"):
        assert words in html, words
    assert "<h3>Kim jesteśmy</h3>" in html and "<video" not in html


def test_the_scope_of_activity_is_a_plain_text_file_too(client):
    assert client.get(SCOPE).status_code == 404
    scope = "<p>Zajmujemy się:</p><ul><li>pieczą <strong>nad dziećmi</strong></li><li>poradami.</li></ul><h2>Jak?</h2>"
    AccessInfo.objects.create(scope=scope)
    answer = client.get(SCOPE)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[2:] == ["Zajmujemy się:", "- pieczą nad dziećmi", "- poradami.", "", "Jak?"]


# --- The office -------------------------------------------------------------------------------------------------------


@pytest.fixture
def publisher(client):
    client.force_login(make_user(groups=["Wydawca"]))


def test_the_board_counts_what_waits_and_names_what_is_late(client, publisher):
    late = make_request(received_at=in_days(-8))
    make_request(place="Winda")
    make_request(answered_on=timezone.localdate(), answer="Naprawiono.")
    assert [*AccessRequest.objects.overdue()] == [late]
    assert AccessRequest.objects.waiting().count() == 2
    board = client.get("/admin/").content.decode()
    assert "term=overdue" in board and "term=waiting" in board and form_of(late) in board


def test_what_waits_stands_first_in_the_list_and_no_log_keeps_what_was_written(client, publisher):
    make_request(answered_on=timezone.localdate(), answer="Naprawiono.")
    waiting = make_request(place="Winda u pani Nowak")
    listed = client.get("/admin/accessibility/accessrequest/").context["cl"].result_list
    assert listed[0] == waiting
    fill(client, form_of(waiting), "_save", answer="Dzwoniono.")
    assert "Nowak" not in str(LogEntry.objects.latest("pk"))


def test_a_longer_term_has_a_reason_and_the_person_is_told(client, publisher):
    request = make_request()
    later = timezone.localdate() + timedelta(days=30)
    refused = fill(client, form_of(request), "_save", due_on=later.strftime("%d.%m.%Y"))
    assert refused.context["adminform"].form.errors.keys() == {"extension_reason"}
    fill(client, form_of(request), "_save", due_on=later.strftime("%d.%m.%Y"), extension_reason="Czekamy na wykonawcę.")
    letter = Message.objects.get()
    assert letter.to == request.email and "Czekamy na wykonawcę." in letter.text


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"due_on": timezone.localdate() + timedelta(days=70), "extension_reason": "Długo."}, "due_on"),
        ({"due_on": timezone.localdate() - timedelta(days=1)}, "due_on"),
        ({"answered_on": timezone.localdate() + timedelta(days=1), "answer": "Tak."}, "answered_on"),
        ({"answered_on": timezone.localdate()}, "answer"),
    ],
)
def test_impossible_days_are_refused(client, publisher, fields, beside):
    request = make_request()
    typed = {n: v.strftime("%d.%m.%Y") if isinstance(v, date) else v for n, v in fields.items()}
    answer = fill(client, form_of(request), "_save", **typed)
    assert answer.context["adminform"].form.errors.keys() == {beside}
    assert not Message.objects.exists()


def test_what_the_person_wrote_is_not_changed_and_nobody_invents_a_request(client, publisher):
    request = make_request()
    fill(
        client,
        form_of(request),
        "_save",
        barrier="Nic",
        answered_on=timezone.localdate().strftime("%d.%m.%Y"),
        answer="Ok.",
    )
    request.refresh_from_db()
    assert request.barrier == GOOD["barrier"] and request.answered_on
    assert client.get("/admin/accessibility/accessrequest/add/").status_code == 403


@pytest.mark.parametrize("group", ["Redaktor", "Organizator"])
def test_others_do_not_see_who_asked(client, group):
    client.force_login(make_user(groups=[group]))
    assert client.get(form_of(make_request())).status_code == 403


def test_a_year_after_the_answer_nothing_personal_is_left():
    old = make_request(answered_on=timezone.localdate() - timedelta(days=366), answer="Wysłano.", name="Żaneta")
    kept = make_request(answered_on=timezone.localdate() - timedelta(days=300), answer="Wysłano.")
    waiting = make_request(received_at=in_days(-500))
    assert forget_old() == "1 forgotten"
    old.refresh_from_db()
    assert (old.name, old.email, old.barrier, old.place, old.answer) == ("", "", "", "", "")
    assert old.subject == "barrier" and old.forgotten_at
    for request in (kept, waiting):
        assert AccessRequest.objects.get(pk=request.pk).email
    assert forget_old() == "0 forgotten"


@pytest.mark.parametrize(
    ("came", "latest"), [("2026-01-31", "2026-03-31"), ("2025-12-31", "2026-02-28"), ("2026-11-28", "2027-01-28")]
)
def test_two_months_end_on_the_same_day_or_the_last(came, latest):
    assert months_later(date.fromisoformat(came), 2) == date.fromisoformat(latest)
    assert TERM.days == 7
