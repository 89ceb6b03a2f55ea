"""One browser that asks for one page at a time, as a visitor or as a signed-in editor."""

import http.client
import statistics
import time
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from portal.accounts import scripted

from .server import HOST, Server

TIMES = 7
TOKEN = "b" * 32


class Visitor:
    def __init__(self, server: Server):
        parts = urlsplit(server.address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self.client = Client(SERVER_NAME=HOST)
        self.headers = {}

    def ask(self, path: str, fields: list | None = None) -> tuple[float, int, str]:
        """(seconds, status, text) of one request."""
        body = urlencode([*fields, ("csrfmiddlewaretoken", TOKEN)]) if fields else None
        form = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        began = time.perf_counter()
        self.connection.request("POST" if fields else "GET", path, body, self.headers | form)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        taken = time.perf_counter() - began
        self.connection.close()  # the server would end it while articles are being made
        return taken, answer.status, text

    def median(self, path: str, times: int = TIMES) -> float:
        self.ask(path)
        return statistics.median(self.seconds(path) for _number in range(times))

    def seconds(self, path: str) -> float:
        taken, status, _text = self.ask(path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return taken

    def queries(self, path: str) -> int:
        return count_queries(path, self.client)


class Editor(Visitor):
    """Signed in as a superuser, who is made at the first need."""

    def __init__(self, server: Server):
        super().__init__(server)
        users = get_user_model().objects
        user = users.filter(username="bench").first() or users.create_superuser("bench", password=None)
        scripted.sign_in(self.client, user)
        session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN}
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


@contextmanager
def without_page_cache(client: Client):
    """Every page is made anew, by a process that has its menu and footer."""
    middleware = [name for name in settings.MIDDLEWARE if name != "portal.pages.caching.FetchPageFromCache"]
    with override_settings(MIDDLEWARE=middleware):
        client.handler.load_middleware()
        yield


def count_queries(path: str, client: Client) -> int:
    with without_page_cache(client):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            status = client.get(path).status_code
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return len(captured)
