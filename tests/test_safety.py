"""Headers, the list of who may reach the admin, the number of a request, and where to tell of a hole."""

import json
import logging
import re
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from institutions.models import Office
from portal.content import logs
from portal.content.tick import note_round
from portal.outbox.models import Message
from tests.make import make_article, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_office()


# --- Headers ----------------------------------------------------------------------------------------------------------


def test_every_page_says_what_it_never_uses_also_from_the_cache(client, office):
    address = make_article().get_absolute_url()
    for path in ("/", address, address, "/admin/login/", "/nie-ma/"):
        headers = client.get(path).headers
        assert "camera=()" in headers["Permissions-Policy"]
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "unsafe-inline" not in headers["Content-Security-Policy"]


# --- Where to tell of a hole ------------------------------------------------------------------------------------------


def test_security_txt_names_the_office_and_has_not_ended(client, office):
    answer = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == f"mailto:{office.email}"
    assert fields["Canonical"].endswith("/.well-known/security.txt")
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=30) < left < timedelta(days=365)


def test_without_an_address_there_is_no_security_txt(client, office):
    Office.objects.update(email="")
    assert client.get("/.well-known/security.txt").status_code == 404


# --- The admin's networks ---------------------------------------------------------------------------------------------

OFFICE = [ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")]


@pytest.mark.parametrize(
    ("address", "status"),
    [("192.0.2.7", 200), ("::ffff:192.0.2.7", 200), ("2001:db8::1", 200), ("198.51.100.1", 404), ("", 404)],
)
def test_outside_of_its_networks_there_is_no_admin(office, settings, address, status):
    settings.ADMIN_NETWORKS = OFFICE
    client = Client(REMOTE_ADDR=address)
    assert client.get("/admin/login/").status_code == status
    assert client.get("/admin/zdjecia/wyslij/").status_code == (404 if status == 404 else 405)
    assert client.get("/").status_code == 200


def test_behind_nginx_its_word_counts_and_the_visitors_does_not(office, settings):
    settings.ADMIN_NETWORKS = OFFICE
    client = Client(REMOTE_ADDR="127.0.0.1")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/admin/login/", headers={"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}).status_code == 404
    assert client.get("/admin/login/", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 200
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client.get("/admin/login/", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404


# --- Numbers for Prometheus -------------------------------------------------------------------------------------------


def test_prometheus_reads_how_the_portal_is(client, office):
    make_article()
    make_article(status="draft")
    note_round()
    Message.objects.create(to="a@example.org", dedupe_key="a")
    answer = client.get("/metrics")
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }
    assert samples["portal_articles", "published"] == samples["portal_articles", "draft"] == 1
    assert samples["portal_letters", "queued"] == 1
    assert 0 <= samples["portal_letters_oldest_seconds",] < 60
    assert 0 <= samples["portal_tick_age_seconds",] < 60
    assert 0 < samples["portal_database_seconds",] < 60
    assert samples["portal_files_free_bytes",] > 0
    assert samples["portal_views_total",] == 0
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),  # a proxy that the portal has not been told of
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 404),
    ],
)
def test_only_the_inside_reads_the_numbers(office, address, headers, status):
    assert Client(REMOTE_ADDR=address).get("/metrics", headers=headers).status_code == status


def test_behind_nginx_the_numbers_are_for_the_inside_too(office, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client = Client(REMOTE_ADDR="127.0.0.1")
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 200


# --- The number of a request ------------------------------------------------------------------------------------------


@pytest.fixture
def kept_lines():
    """What the portal's handlers would write while the test runs, as (number, message)."""
    lines = []

    class Keeper(logging.Handler):
        def emit(self, record):
            lines.append((record.request_id, record.getMessage()))

    keeper = Keeper()
    keeper.addFilter(logs.RequestIdFilter())
    logger = logging.getLogger("django")
    logger.addHandler(keeper)
    yield lines
    logger.removeHandler(keeper)


def fail(*_args, **_kwargs):
    raise ArithmeticError("broken on purpose")


def test_the_page_of_an_error_shows_the_number_of_its_line(office, monkeypatch, kept_lines):
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("portal.pages.views.home", fail)
    monkeypatch.setattr("portal.pages.furniture.build", fail)
    pages = [client.get("/kontakt/").content.decode() for _time in range(2)]
    shown = [re.search(r"<code>([0-9a-f]{8})</code>", page)[1] for page in pages]
    written = [number for number, message in kept_lines if message == "Internal Server Error: /kontakt/"]
    assert [number[:8] for number in written] == shown
    assert len(set(shown)) == 2
    assert logs.request_id() == ""


GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("is_behind_nginx", "given", "is_taken"), [(True, GIVEN, True), (False, GIVEN, False), (True, "x\ny", False)]
)
def test_the_number_is_nginxs_where_there_is_nginx(rf, settings, is_behind_nginx, given, is_taken):
    settings.BEHIND_NGINX = is_behind_nginx
    seen = []
    logs.RequestIdMiddleware(lambda request: seen.append(logs.request_id()))(rf.get("/", HTTP_X_REQUEST_ID=given))
    assert re.fullmatch("[0-9a-f]{32}", seen[0])
    assert (seen[0] == GIVEN) == is_taken


def test_a_line_of_json_holds_one_event():
    try:
        fail()
    except ArithmeticError as error:
        caught = (type(error), error, error.__traceback__)
    record = logging.LogRecord("portal.x", logging.ERROR, "", 1, "zażółć %s\n{}", ("gęślą",), caught)
    logs.RequestIdFilter().filter(record)
    text = logs.JsonFormatter().format(record)
    line = json.loads(text)
    assert "\n" not in text
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "portal.x", "zażółć gęślą\n{}")
    assert line["request_id"] == "-"
    assert "broken on purpose" in line["exception"]
    assert datetime.fromisoformat(line["time"]).tzinfo


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("events:registration:own", ["tajne:1abc:xyz"]),
        ("events:registration:resign", ["tajne:1abc:xyz"]),
        ("events:registration:confirm", ["tajne:1abc:xyz"]),
        ("events:registration:accept", ["tajne:1abc:xyz"]),
        ("events:registration:presence", ["tajne:1abc:xyz"]),
        ("admin:invitation", ["tajne", "tajne-token"]),
        ("admin:new_password", ["tajne", "tajne-token"]),
        ("preview_link", ["tajne"]),
    ],
)
def test_no_line_holds_a_link_by_which_its_owner_acts(name, arguments):
    address = reverse(name, args=arguments)
    assert "tajne" in address
    record = logging.LogRecord("django", logging.ERROR, "", 1, "Internal Server Error: %s", (address,), None)
    assert logs.LinksFilter().filter(record)
    assert "tajne" not in record.getMessage()
    assert record.getMessage().startswith("Internal Server Error: /")


def test_every_handler_of_the_portal_hides_links(settings):
    assert all("links" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
