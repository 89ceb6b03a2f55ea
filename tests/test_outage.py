"""PostgreSQL away, killed or frozen: what a resident, a person signing up and an editor see; and that all heals."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from events.registration.models import Registration
from portal.accounts import scripted
from portal.content import stamps
from portal.pages.stack import services
from tests.conftest import lacking, using_database
from tests.forms import FormReader
from tests.make import make_article, make_office, make_signup, make_user

ROOT = Path(__file__).resolve().parents[1]
LONGEST_WAIT = 15  # seconds; of one statement (database_patience.py), and a connection after it

pytestmark = pytest.mark.postgres


class Site:
    """A web process and its own PostgreSQL, which can be broken."""

    def __init__(self, folder: Path):
        for program in ("initdb", "postgres"):
            if not services.found(program):
                lacking(f"no {program} on this machine: install Debian's postgresql")
        self.folder = folder
        self.port, self.database_port = services.free_port(), services.free_port()
        self.postgresql = services.postgresql(folder, self.database_port)
        environment = {
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{self.database_port}/portal", "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "", "PAGE_CACHE_SECONDS": "0",
            "SITE_URL": f"http://127.0.0.1:{self.port}", "SECOND_FACTOR": "0",
        }  # fmt: skip
        self.web = services.web("web", folder, self.port, 1, **environment)
        self.postgresql.start()
        services.make_database(self.database_port)
        for words in (["migrate"], ["collectstatic", "--no-input"]):
            command = [sys.executable, "manage.py", *words, "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)
        self.web.start()

    def using(self):
        return using_database("portal", HOST="127.0.0.1", PORT=self.database_port, USER="postgres", PASSWORD="")

    def end(self):
        self.web.end()
        self.postgresql.end()

    def ask(self, address: str, form: dict | list | None = None, **headers) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = None if form is None else urlencode(form)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            named["Content-Type"] = "application/x-www-form-urlencoded"
        line.request("GET" if form is None else "POST", address, body, named)
        began = time.monotonic()
        response = line.getresponse()
        response.text = response.read().decode()
        response.seconds = time.monotonic() - began
        line.close()
        return response

    @contextmanager
    def broken(self, how: str):
        with self.postgresql.away() if how == "killed" else self.postgresql.paused():
            yield
        connection.close()  # this process's own did not outlive it

    def is_ready(self) -> bool:
        (self.folder / "tick-alive").touch()
        return self.ask("/readyz").status == 200


@pytest.fixture(scope="module")
def shared_site(django_db_setup, django_db_blocker):
    # Not below pytest's own folder: PostgreSQL's user may not look into that.
    with tempfile.TemporaryDirectory(prefix="portal-outage-") as folder:
        site = Site(Path(folder))
        with django_db_blocker.unblock(), site.using():
            make_office()
        yield site
        site.end()


@pytest.fixture
def site(shared_site, django_db_blocker):
    with django_db_blocker.unblock(), shared_site.using():
        yield shared_site


def until(condition, seconds: float = 15):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def fields_of(page: str) -> dict[str, str]:
    """Of all its forms but the search. A browser leaves out the line break that begins a textarea."""
    fields = FormReader(page, id_end="").fields
    return {name: values[0].removeprefix("\n") for name, values in fields.items() if name != "q"}


HOW = pytest.mark.parametrize("how", ["killed", "frozen"])


@HOW
def test_who_signs_up_loses_nothing_and_sends_the_same_form_again(site, how):
    signup = make_signup(verifies_email=False)
    address = reverse("events:registration:form", args=[signup.event.slug])
    names = {"first_name": "Żaneta", "last_name": "Wierzbowa <b>", "email": "z@poczta.example"}
    typed = {**fields_of(site.ask(address).text), **names}
    time.sleep(stamps.LEAST_SECONDS)
    with site.broken(how):
        answer = site.ask(address, typed)
        again = site.ask(address, typed)
    assert (answer.status, again.status) == (503, 503)
    assert answer.headers["Retry-After"] == "30"
    assert answer.seconds < LONGEST_WAIT
    assert again.seconds < 5, "the second one does not wait as long"
    assert "13 000 10 10" in answer.text
    assert "Żaneta" in answer.text and "Wierzbowa &lt;b&gt;" in answer.text
    repeated = fields_of(answer.text)
    assert repeated == typed
    until(site.is_ready)
    assert [site.ask(address, repeated).status for _press in range(2)] == [303, 303]
    assert Registration.objects.filter(signup=signup).count() == 1


@HOW
def test_a_resident_gets_the_phone_and_the_page_when_it_is_back(site, how):
    address = make_article(title="Dyżur w piątek").get_absolute_url()
    with site.broken(how):
        answers = [site.ask(address), site.ask("/"), site.ask("/nie-ma-takiej/"), site.ask("/szukaj/?q=dom")]
        for answer in answers:
            assert answer.status == 503
            assert answer.seconds < LONGEST_WAIT
            assert "13 000 10 10" in answer.text
            assert answer.headers["Cache-Control"] == "no-store"
        assert site.ask("/healthz").status == 200
        assert site.ask("/readyz").status == 503
    until(lambda: site.ask(address).status == 200)


def test_an_editor_is_told_what_is_wrong_and_gets_the_text_back(site):
    article = make_article()
    client = Client()
    scripted.sign_in(client, make_user(is_superuser=True))
    session = f"sessionid={client.cookies['sessionid'].value}; csrftoken={'a' * 32}"
    page = reverse("admin:news_article_change", args=[article.pk])
    form = {
        "csrfmiddlewaretoken": "a" * 32,
        "title": "Nowy tytuł",
        "body": "<p>Długi tekst</p>\n<p>z dwóch akapitów</p>",
    }
    with site.broken("killed"):
        answer = site.ask(page, form, Cookie=session)
        script = site.ask(page, form, Cookie=session, Accept="application/json")
        log_in = site.ask("/admin/login/", {"username": "anna", "password": "bardzo-tajne-haslo"}, Cookie=session)
    assert answer.status == 503
    assert "serwer bazy danych" in answer.text
    assert fields_of(answer.text) == form
    assert script.status == 503 and script.text.startswith("{")
    assert log_in.status in (403, 503)
    assert "bardzo-tajne" not in log_in.text
    until(site.is_ready)
