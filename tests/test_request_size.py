"""The size of a request is refused by what it announces, in gunicorn alone; big forms that may be sent are saved."""

import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from news.models import Article
from portal.pages.bench.server import running
from tests.forms import fill, read
from tests.make import make_article, make_event, make_user
from tests.test_photo_server import place  # noqa: F401

pytestmark = pytest.mark.once  # what happens before the database is asked
TWO_GIGABYTES = 2 * 1024**3


@pytest.fixture
def server(place):  # noqa: F811
    """gunicorn as it is deployed, with the database of this test and a folder of its own for what comes in."""
    with running("portal.wsgi", 1, **place) as started:
        started.scratch = Path(place["TMPDIR"])
        yield started


def send(server, head: str, body: bytes = b"", half_closes: bool = False) -> tuple[int, str]:
    """Send exactly this; returns the status (0: no answer) and the answer."""
    parts = urlsplit(server.address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        if half_closes:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    text = answer.decode("utf-8", "replace")
    return (int(text.split()[1]) if text else 0), text


def post(path: str, length: str, more: str = "") -> str:
    return (
        f"POST {path} HTTP/1.1\nHost: 127.0.0.1\nContent-Type: multipart/form-data; boundary=x\n"
        f"Content-Length: {length}\nConnection: close{more}"
    )


@pytest.mark.parametrize(
    "path", ["/", "/admin/login/", "/admin/news/article/add/", "/admin/zdjecia/wyslij/", "/nie-ma/"]
)
def test_two_gigabytes_are_refused_before_a_byte_of_them_is_read(server, path):
    began = time.monotonic()
    status, answer = send(server, post(path, str(TWO_GIGABYTES)))
    assert status == 413 and "wybrać mniej plików" in answer
    assert time.monotonic() - began < 5
    assert not list(server.scratch.rglob("*"))


def test_a_script_is_told_in_its_own_language(server):
    status, answer = send(server, post("/admin/zdjecia/wyslij/", str(TWO_GIGABYTES), "\nAccept: application/json"))
    assert status == 413 and '"error"' in answer


def test_a_body_of_unknown_length_is_refused(server):
    head = "POST /szukaj/ HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\nConnection: close"
    assert send(server, head, b"5\r\nabcde\r\n0\r\n\r\n")[0] == 411


@pytest.mark.parametrize("length", ["9" * 19, "9" * 400, "-5", "abc", "1e3"])
def test_a_length_that_is_none_is_no_error_of_the_server(server, length):
    assert send(server, post("/", length))[0] in (400, 413)


def test_a_form_cut_in_the_middle_leaves_nothing(server):
    part = b'--x\r\nContent-Disposition: form-data; name="new_photos"; filename="a.jpg"\r\n\r\n' + b"a" * 200_000
    status, _answer = send(server, post("/admin/login/", "60000"), part[:30_000], half_closes=True)
    assert status in (0, 400, 403)
    time.sleep(0.3)
    assert not [path for path in server.scratch.rglob("*") if path.is_file() and not path.name.startswith("wgunicorn")]
    assert Path(server.scratch).exists()


# --- Big forms that may be sent ---------------------------------------------------------------------------------------


def test_a_form_of_three_thousand_fields_is_saved(client, db):
    client.force_login(make_user(groups=["Organizator"]))
    event = make_event()
    for number in range(330):
        event.agenda.create(title=f"Punkt {number}", kind="topic", position=number * 10)
    address = reverse("admin:events_event_change", args=[event.pk])
    form = read(client.get(address))
    assert sum(map(len, form.fields.values())) >= 3000
    answer = fill(client, address, "_save", **{"agenda-329-title": "Ostatni punkt"})
    assert answer.status_code == 302
    assert event.agenda.filter(title="Ostatni punkt").count() == 1
    assert event.agenda.count() == 330


@pytest.mark.parametrize(("letters", "is_saved"), [(400_000, True), (1_000_000, False)])
def test_a_long_text_is_saved_and_a_far_too_long_one_is_refused_beside_its_field(client, db, letters, is_saved):
    client.force_login(make_user(groups=["Wydawca"]))
    article = make_article()
    paragraph = "<p>" + "Żółta łódź płynie wolno. " * 100 + "</p>"
    address = reverse("admin:news_article_change", args=[article.pk])
    answer = fill(client, address, "_save", body=paragraph * (letters // len(paragraph)))
    assert (answer.status_code == 302) == is_saved
    if not is_saved:
        assert "body" in answer.context["adminform"].form.errors
        assert "Żółta łódź" in read(answer).fields["body"][0]
    assert ("Żółta łódź" in Article.objects.get().body) == is_saved


def test_more_fields_than_can_be_taken_are_refused_with_a_page_that_says_so(client, db):
    client.force_login(make_user(groups=["Wydawca"]))
    answer = client.post("/admin/news/article/add/", {f"pole-{number}": "x" for number in range(6000)})
    assert answer.status_code == 413 and "w częściach" in answer.content.decode()
