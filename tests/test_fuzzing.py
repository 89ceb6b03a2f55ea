"""Forms filled in with anything at all, and two thousand requests that no browser sends: no error of ours in answer."""

import random
from functools import cache
from urllib.parse import quote, urlsplit

import pytest
from django.core.cache import cache as limits
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import kinds
from tests.forms import FormReader
from tests.test_bad_input import STRANGE_NAMES, STRANGE_VALUES

REQUESTS, SEED = 2000, 20261128
OF_ANYTHING = settings(
    max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
TEXT = st.text(max_size=60) | st.sampled_from(sorted(STRANGE_VALUES.values())) | st.emails() | st.uuids().map(str)

FORMS = {
    "sign-up": kinds.KINDS["sign-up"],
    "sign-up of couples": kinds.KINDS["sign-up of couples"],
    "own data": kinds.KINDS["own data"],
    "resigning": kinds.KINDS["resigning"],
    "confirming": kinds.KINDS["confirming"],
    "forgetting needs": kinds.registration("confirmed", "forget_needs"),
    "withdrawing a consent": kinds.registration("confirmed", "withdraw_consent"),
    "accepting an offer": kinds.registration("waiting", "accept", "accept"),
    "presence": lambda: reverse("events:registration:presence", args=["x"]),
    "report of a barrier": kinds.KINDS["report of a barrier"],
    "signing in": lambda: reverse("admin:login"),
    "a new password": lambda: reverse("admin:forgotten_password"),
}


@cache
def fields_of(name: str) -> dict:
    """The fields that the page itself offers, hidden ones included, and one that it does not know."""
    page = Client().get(FORMS[name]()).content.decode()
    return {**FormReader(page, id_end="").fields, "unknown": [""]}


# --- Forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
@OF_ANYTHING
@given(data=st.data())
def test_a_form_takes_anything(name, data, demo):
    limits.clear()  # of sign-ups from one address
    fields = dict(fields_of(name))
    for field in data.draw(st.lists(st.sampled_from(sorted(fields)), unique=True)):
        fields[field] = data.draw(st.lists(TEXT, max_size=3))
    answer = Client().post(FORMS[name](), as_a_browser_would(fields))
    assert_is_an_answer(answer)


def as_a_browser_would(fields: dict) -> dict:
    """Halves of letters cannot be sent: a browser writes a question mark in their place."""
    return {name: [value.encode("utf-8", "replace").decode() for value in values] for name, values in fields.items()}


def test_the_forms_are_read_as_they_are(demo):
    assert {"email", "stamp", "website"} <= set(fields_of("sign-up"))
    assert {"username", "password"} <= set(fields_of("signing in"))
    assert "email" in fields_of("a new password")


# --- Two thousand requests --------------------------------------------------------------------------------------------

METHODS = "GET GET GET GET HEAD POST POST PUT DELETE OPTIONS PATCH TRACE".split()
TYPES = [
    "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "multipart/form-data",
    "text/plain; charset=utf-16", "text/plain; charset=no-such-thing", "image/svg+xml", "",
]  # fmt: skip
BODIES = [
    b"", b"{", b"[" * 3000,
    b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"\0\"\r\n\r\n",
    b"a=%ff&b=%00", b"&" * 1500, b"\xff\xfe\0\0", "=ż&ż=".encode(), b"a" * 70_000,
]  # fmt: skip
HEADERS = {
    "Host": ["testserver", "zly.example", "", "a b", "testserver:99999", "[::1", "testserver, zly.example"],
    "Cookie": ["sessionid=x", "csrftoken=\xff", "=;=;", "a" * 5000, "__Host-sessionid=../../x"],
    "X-Forwarded-For": ["127.0.0.1", "zły", "1.1.1.1, 2.2.2.2", "::1%eth0", ""],
    "X-Forwarded-Host": ["zly.example"],
    "X-Forwarded-Proto": ["https", "gopher"],
    "Referer": ["http://zly.example/", "javascript:alert(1)", "//zly.example"],
    "Origin": ["null", "http://zly.example"],
    "Range": ["bytes=0-", "bytes=-5", "bytes=9-1", "bytes=0-0,2-3", "x=1"],
    "If-Modified-Since": ["yesterday", "Sat, 01 Jan 0000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"],
    "If-None-Match": ["*", '"', "W/", '"a", "b'],
    "Accept-Language": ["xx-YY;q=9", "a" * 500, "pl;q=nan"],
    "Accept-Encoding": ["gzip;q=0", "br, zstd", "identity;q=0, *;q=0"],
    "X-Requested-With": ["XMLHttpRequest"],
    "User-Agent": ["", "\xff", "<script>"],
    "X-Request-ID": ["a\tb", "x" * 500],
}
ELSEWHERE = ["//zly.example", "/\\zly.example", "https://zly.example", "%2f%2fzly.example", "/%09/zly.example"]
NAMES_OF_A_WAY_BACK = ["next", "url", "return", "redirect", "kod", "q", "page"]


def addresses_of_all_kinds() -> list[str]:
    pages = [find() for find in kinds.KINDS.values()]
    machines = "/robots.txt /sitemap.xml /sitemap-aktualnosci.xml /healthz /wydarzenia/kalendarz.ics /barwy.css /herb/"
    staff = ["/admin/", "/admin/login/", "/admin/logout/", "/admin/news/article/1/change/", "/admin/zdjecia/wyslij/"]
    return [*pages, *machines.split(), *staff, *ELSEWHERE]


def hostile_requests(draw: random.Random, pages: list[str]):
    """(method, address, body, type, headers), the same ones in every run."""
    for _number in range(REQUESTS):
        address = draw.choice(pages)
        if draw.random() < 0.4:
            address = address.rstrip("/") + "/" + draw.choice([*STRANGE_NAMES.values(), *map(quote, STRANGE_VALUES)])
        if draw.random() < 0.5:
            values = [quote(value) for value in STRANGE_VALUES.values() if len(value) < 5000] + ELSEWHERE
            address += f"?{draw.choice(NAMES_OF_A_WAY_BACK)}={draw.choice(values)}"
        names = draw.sample(sorted(HEADERS), draw.randrange(4))
        headers = {name: draw.choice(HEADERS[name]) for name in names}
        yield draw.choice(METHODS), address, draw.choice(BODIES), draw.choice(TYPES), headers


@pytest.mark.once
def test_two_thousand_hostile_requests(demo):
    client = Client(raise_request_exception=True)
    draw, statuses = random.Random(SEED), {}
    for method, address, body, kind, headers in hostile_requests(draw, addresses_of_all_kinds()):
        limits.clear()
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        answer = client.generic(method, address, body, content_type=kind, **sent)
        try:
            assert_is_an_answer(answer)
        except AssertionError as error:
            raise AssertionError(f"{method} {address[:300]} {kind} {body[:60]} {headers}: {error}") from None
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
    assert sum(statuses.values()) == REQUESTS
    assert {200, 302, 400, 404, 405} <= set(statuses), statuses


def assert_is_an_answer(answer):
    """No error, nothing of the inside, and no way out to another site."""
    assert answer.status_code < 500, answer.status_code
    if "Location" in answer:
        target = urlsplit(answer["Location"].replace("\\", "/"))
        assert target.netloc in ("", "testserver", "127.0.0.1:8000"), answer["Location"]
    content = b"" if answer.streaming else answer.content
    assert b"Traceback (most recent" not in content
    assert b"site-packages" not in content
