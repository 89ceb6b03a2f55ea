"""Things break under load: what visitors, people who sign up and editors get, and how soon all is well again."""

import contextlib
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from events.registration.models import Registration, SignUp
from news.models import Article
from portal.accounts import scripted
from portal.pages.stack.running import Stack

from .signup.findings import Finding, Row
from .signup.scene import open_signup
from .signup.scene import signing_up as request_of_sign_up
from .views import READER

READERS = 8
SEEN_PAGES = 20
PAUSE = 0.02
IN_A_ROW = 30  # answers; four workers have been asked then
NEIGHBOUR = "127.0.0.2"  # the visitor's address while 127.0.0.1 floods
STAMP = re.compile(r'name="stamp" value="([^"]+)"')
STAMP_AGAIN = re.compile(r'<textarea name="stamp" hidden>\s*([^<]+)</textarea>')


@dataclass
class Answer:
    status: int | str  # a word when none came: what happened instead
    text: str
    seconds: float


class Site:
    """Visitors, a person who signs up and an editor of the running stack."""

    def __init__(self, running: Stack, seconds: float):
        self.running, self.seconds = running, seconds
        parts = urlsplit(settings.SITE_URL)
        self.place, self.where = parts.netloc, (parts.hostname, parts.port)
        self.pages = [article.get_absolute_url() for article in Article.objects.order_by("pk")[:SEEN_PAGES]]
        self.signup: SignUp = open_signup(capacity=None)
        editor = Client()
        scripted.sign_in(editor, get_user_model().objects.create_superuser("redaktor"))
        self.session = f"{settings.SESSION_COOKIE_NAME}={editor.cookies[settings.SESSION_COOKIE_NAME].value}"
        connection.close()

    def ask(self, path: str, body: dict | list | bytes | None = None, source: str = "", **headers) -> Answer:
        """`body`: the fields of a form, or a file as it is."""
        line = HTTPConnection(self.place, timeout=90, source_address=(source, 0) if source else None)
        began = time.monotonic()
        headers = {"User-Agent": READER, **headers}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/octet-stream"
        elif body is not None:
            body, headers["Content-Type"] = urlencode(body), "application/x-www-form-urlencoded"
        try:
            line.request("GET" if body is None else "POST", path, body, headers)
            response = line.getresponse()
            return Answer(response.status, response.read().decode(errors="replace"), time.monotonic() - began)
        except (OSError, HTTPException) as error:
            return Answer(type(error).__name__, str(error), time.monotonic() - began)
        finally:
            line.close()

    @contextmanager
    def visitors(self, source: str = "") -> Iterator["Visits"]:
        """Readers of pages seen before, until the block ends."""
        visits, is_over = Visits(), threading.Event()

        def read(number: int):
            while not is_over.is_set():
                number += 1
                visits.add(self.ask(self.pages[number % len(self.pages)], source=source))
                time.sleep(PAUSE)

        for page in self.pages:
            self.ask(page)
        threads = [threading.Thread(target=read, args=(number,), daemon=True) for number in range(READERS)]
        for thread in threads:
            thread.start()
        try:
            yield visits
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

    def form(self) -> dict[str, str]:
        """An open sign-up form, filled in; it is asked for until it comes."""
        deadline = time.monotonic() + 60
        while (page := self.ask(self.form_path)).status != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        stamp = STAMP.search(page.text)[1]
        time.sleep(2)  # nobody types faster, says the portal
        return {**request_of_sign_up(self.signup)["fields"], "stamp": stamp}

    @property
    def form_path(self) -> str:
        return reverse("events:registration:form", args=[self.signup.event.slug])

    def seconds_until_well(self, form: dict) -> float:
        """Until the same form is taken, and an editor's list comes from every worker: each has its own connections."""
        began, in_a_row = time.monotonic(), 0
        while time.monotonic() - began < 60:
            is_taken = in_a_row or self.ask(self.form_path, form).status == 303
            if is_taken and self.ask("/admin/news/article/", Cookie=self.session).status == 200:
                in_a_row += 1
                if in_a_row == IN_A_ROW:
                    return time.monotonic() - began
                continue
            in_a_row = 0
            time.sleep(0.2)
        raise TimeoutError("after a minute it was not well again")


class Visits:
    def __init__(self):
        self.statuses, self.seconds = Counter(), []
        self._lock = threading.Lock()

    def add(self, answer: Answer):
        with self._lock:
            self.statuses[answer.status] += 1
            self.seconds.append(answer.seconds)

    def percentile(self, hundredth: int) -> float:
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, len(ordered) * hundredth // 100)]

    def __str__(self) -> str:
        answers = ", ".join(f"{times} × {status}" for status, times in sorted(self.statuses.items(), key=str))
        return f"visitors {answers}, p50 {self.percentile(50):.0f} ms, p99 {self.percentile(99):.0f} ms"


# --- The cases --------------------------------------------------------------------------------------------------------


def database_away(site: Site, how: str) -> Row:
    seen = Finding(f"database {how} for {site.seconds:.0f} s")
    form, typed = site.form(), "Lipowa"
    database = site.running["postgresql"]
    with site.visitors() as visits:
        with database.away() if how == "killed" else database.paused():
            until = time.monotonic() + site.seconds
            sent = site.ask(site.form_path, form)
            list_of_editor = site.ask("/admin/news/article/", Cookie=site.session)
            unseen = site.ask("/aktualnosci/?strona=7")
            time.sleep(max(0, until - time.monotonic()))
        well = site.seconds_until_well(form)
    seen.saw(str(visits))
    seen.require(set(visits.statuses) == {200}, "a page seen before was not served")
    seen.saw(f"sign-up {sent.status} after {sent.seconds:.1f} s, its text comes back: {typed in sent.text}")
    again = STAMP_AGAIN.search(sent.text)
    seen.require(sent.status == 503 and typed in sent.text, "the sign-up does not keep what was typed")
    seen.require(bool(again) and unescape(again[1]) == form["stamp"], "the form cannot be sent again")
    seen.saw(
        f"editor {list_of_editor.status}, says the database is away: {'serwer bazy danych' in list_of_editor.text}"
    )
    seen.require("serwer bazy danych" in list_of_editor.text, "the editor is not told what is wrong")
    seen.saw(f"page not seen before {unseen.status}")
    seen.require(unseen.status == 503, "an unseen page")
    seen.saw(f"well again after {well:.1f} s")
    registered = Registration.objects.filter(signup=site.signup, email=form["email"]).count()
    connection.close()
    seen.saw(f"registrations of the form that was sent again: {registered}")
    seen.require(registered == 1, "the form sent again is not one registration")
    return seen.row()


def redis_away(site: Site, how: str) -> Row:
    seen = Finding(f"Redis {how} for {min(10, site.seconds):.0f} s")
    redis = site.running["redis"]
    with redis.away() if how == "killed" else redis.paused():
        until, answers = time.monotonic() + min(10, site.seconds), Visits()
        while time.monotonic() < until:  # past nginx's cache, so that the portal has to work
            answers.add(site.ask("/", Cookie=site.session))
    seen.saw(str(answers).replace("visitors", "home page made anew"))
    seen.require(set(answers.statuses) == {200}, "a page failed because the cache is away")
    return seen.row()


def web_killed(site: Site) -> Row:
    seen = Finding("both web processes killed again and again")
    form, kills = site.form(), 0
    with site.visitors() as visits:
        until = time.monotonic() + site.seconds
        while time.monotonic() < until:
            for name in ("web-a", "web-b"):
                site.running[name].kill()
                kills += 1
            time.sleep(4)
        well = site.seconds_until_well(form)
    seen.saw(f"{kills} kills; {visits}; well again after {well:.1f} s")
    seen.require(set(visits.statuses) == {200}, "a page seen before was not served")
    return seen.row()


def slow_clients(site: Site) -> Row:
    """Three hundred who send a letter a second, half of them in the head, half in the body of a form."""
    number = 300
    seen = Finding(f"{number} clients that send a letter a second")
    heads = b"POST /kontakt/ HTTP/1.1\r\nHost: " + site.place.encode() + b"\r\nContent-Length: 1000\r\n"
    lines = []
    for index in range(number):
        line = socket.create_connection(site.where, source_address=("127.0.0.1", 0))
        line.sendall(heads + (b"\r\n" if index % 2 else b"X: "))
        line.setblocking(False)
        lines.append(line)
    began, open_lines, closed_after = time.monotonic(), list(lines), []
    with site.visitors(NEIGHBOUR) as visits:
        while open_lines and time.monotonic() - began < max(45, site.seconds):
            for line in list(open_lines):
                if not _sends(line, b"x"):
                    open_lines.remove(line)
                    closed_after.append(time.monotonic() - began)
            time.sleep(1)
    for line in lines:
        line.close()
    seen.saw(
        f"{visits}; slow ones let go after {max(closed_after, default=0):.0f} s at the latest, {len(open_lines)} still "
        "sending their body, which nginx keeps from the workers"
    )
    seen.require(set(visits.statuses) == {200}, "a visitor was not served")
    seen.require(visits.percentile(99) < 1000, "visitors waited")
    return seen.row()


def many_connections(site: Site, number: int) -> Row:
    """All from one address, each with a request; the visitor comes from another."""
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    number = min(number, hard - 500)
    seen = Finding(f"{number} connections of one address")
    request = f"GET {site.pages[0]} HTTP/1.1\r\nHost: {site.place}\r\n\r\n".encode()
    lines, refused = [], 0
    try:
        for _number in range(number):
            try:
                line = socket.create_connection(site.where, timeout=2, source_address=("127.0.0.1", 0))
            except OSError:
                refused += 1
                continue
            with contextlib.suppress(OSError):
                line.sendall(request)
            lines.append(line)
        with site.visitors(NEIGHBOUR) as visits:
            time.sleep(min(20, site.seconds))
    finally:
        for line in lines:
            line.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    seen.saw(f"{len(lines)} open at once, {refused} refused; {visits}")
    seen.require(set(visits.statuses) == {200}, "a visitor of another address was not served")
    return seen.row()


def _sends(line: socket.socket, letter: bytes) -> bool:
    try:
        line.send(letter)
        return line.recv(100) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
