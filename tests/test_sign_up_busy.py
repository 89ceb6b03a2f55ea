"""So many at once that the lock cannot be had in time: people are asked to try again, and nothing typed is lost."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from events.registration import links, seats
from events.registration.models import Registration
from tests.make import make_office, make_registration, make_signup
from tests.test_sign_up import GOOD, address, stamp, values


@contextmanager
def held_by_somebody_else(signup):
    """Another connection has the lock for as long as the block lasts."""
    has_it, may_go = threading.Event(), threading.Event()

    def hold():
        with seats.locked(signup.pk):
            has_it.set()
            may_go.wait(30)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert has_it.wait(10)
    try:
        yield
    finally:
        may_go.set()
        thread.join()


@pytest.fixture
def signup(own_database, monkeypatch):
    make_office()
    monkeypatch.setattr(seats, "LOCK_TIMEOUT", "300ms")
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA busy_timeout = 300")
    return make_signup()


def test_a_visitor_is_asked_to_press_again_and_the_second_press_works(client, signup):
    form = {"stamp": stamp(signup), **GOOD}
    with held_by_somebody_else(signup):
        response = client.post(address(signup), form)
    assert response.status_code == 503
    assert values(response) | GOOD == values(response)
    assert not Registration.objects.exists()
    assert client.post(address(signup), {**form, "stamp": values(response)["stamp"]}).status_code == 303


def test_resigning_waits_for_a_better_moment(client, signup):
    registration = make_registration(signup)
    page = reverse("events:registration:resign", args=[links.token(registration, "own")])
    with held_by_somebody_else(signup):
        assert client.post(page).status_code == 503
    registration.refresh_from_db()
    assert registration.status == "confirmed"
    assert client.post(page).status_code == 200
    registration.refresh_from_db()
    assert registration.status == "cancelled"
