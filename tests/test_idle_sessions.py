"""An editor who has gone away is logged out, and finds the text again."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal.accounts import sessions
from tests.forms import read
from tests.make import make_article, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/news/article/"


@pytest.fixture
def editor(client):
    user = make_user(groups=["Wydawca"])
    client.force_login(user)
    client.get(LIST)
    return user


def after(minutes: float):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def test_after_an_hour_without_work_the_session_ends_and_the_way_leads_back(client, editor):
    with after(59):
        assert client.get(LIST).status_code == 200
    with after(59 + 61):
        answer = client.get(LIST)
        assert answer.url == f"/admin/login/?next={LIST}"
        assert "bez działania" in client.get(answer.url).content.decode()


def test_after_twelve_hours_it_ends_also_in_the_middle_of_work(client, editor):
    for minutes in range(50, 12 * 60, 50):
        with after(minutes):
            assert client.get(LIST).status_code == 200
    with after(12 * 60 + 1):
        answer = client.get(LIST)
        assert answer.url == f"/admin/login/?next={LIST}"
        assert "koniec dnia" in client.get(answer.url).content.decode()


def test_sessions_that_ended_leave_the_database(client, editor):
    with after(13 * 60):
        sessions.forget_ended()
    assert not Session.objects.exists()


def test_each_request_begins_the_hour_anew(client, editor):
    for minutes in (50, 100, 150):
        with after(minutes):
            assert client.get(LIST).status_code == 200


def test_asking_whether_the_session_runs_does_not_keep_it_up(client, editor):
    for minutes in (20, 40, 59):
        with after(minutes):
            assert client.get("/admin/sesja/").json()["logged_in"]
    with after(61):
        assert not client.get("/admin/sesja/").json()["logged_in"]
        assert client.get(LIST).status_code == 302


def test_what_was_typed_before_waits_in_the_form(client, editor):
    form = read(client.get(f"{LIST}add/"))
    client.post(f"{LIST}autosave/", {**form.fields, "title": "Przed przerwą"})
    with after(90):
        client.get(f"{LIST}add/")
        client.force_login(editor)
        assert "Przed przerwą" in client.get(f"{LIST}add/").content.decode()


def test_an_idle_editor_is_a_visitor_on_the_pages_for_residents(client, editor):
    article, draft = make_article(), make_article(status="draft")
    assert client.get(draft.get_absolute_url()).status_code == 200
    with after(90):
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert client.get(article.get_absolute_url()).status_code == 200
    visitor = Client()
    answer = visitor.get(article.get_absolute_url())
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")


def test_the_session_says_nothing_to_a_stranger():
    answer = Client().get("/admin/sesja/")
    assert answer.json() == {"logged_in": False} and not answer.cookies
    assert "no-store" in answer["Cache-Control"]
