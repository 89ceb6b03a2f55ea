"""Photos sent to a real gunicorn: cut in the middle, far too large, onto a full disk."""

import http.client
import io
import re
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from portal.pages.bench.server import running
from tests.conftest import database_url
from tests.documents import office
from tests.forms import FormReader
from tests.make import make_article, make_user

pytestmark = pytest.mark.once  # what happens before the database is asked
SEND = "/admin/zdjecia/wyslij/"


def noise(width: int, height: int, quality: int = 80) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


class Editor:
    """An editor's browser as far as single uploads need one, speaking to a real server."""

    def __init__(self, server):
        self.host, self.port = urlsplit(server.address).hostname, urlsplit(server.address).port
        client = Client()
        client.force_login(make_user(groups=["Wydawca"]))
        self.session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.secret = "a" * 32

    def head(self, length: int) -> bytes:
        return (
            f"POST {SEND} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nContent-Length: {length}\r\n"
            f"Content-Type: application/octet-stream\r\nX-File-Name: a.jpg\r\nX-CSRFToken: {self.secret}\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.secret}\r\n"
            f"Connection: close\r\n\r\n"
        ).encode()

    def send(self, content: bytes, length: int | None = None) -> tuple[int, bytes]:
        with socket.create_connection((self.host, self.port), timeout=60) as connection:
            connection.sendall(self.head(len(content) if length is None else length) + content)
            if length is not None:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return int(answer.split()[1]) if answer else 0, answer.partition(b"\r\n\r\n")[2]

    def send_form(self, address: str, changes: dict) -> tuple[int, str]:
        """The whole form of the page, with these fields changed."""
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.secret}"
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        connection.request("GET", address, headers={"Cookie": cookies})
        fields = FormReader(connection.getresponse().read().decode()).fields | changes
        head = {"Content-Type": MULTIPART_CONTENT, "Cookie": cookies}
        connection.request("POST", address, encode_multipart(BOUNDARY, fields), head)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture
def place(tmp_path, own_database):
    """The environment of a server that has this test's database and folders of its own."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return {
        "VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": database_url(own_database),
        "SECRET_KEY": settings.SECRET_KEY, "DEBUG": "1",
        "TMPDIR": str(scratch), "DJANGO_SETTINGS_MODULE": "portal.settings",
    }  # fmt: skip


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def files_are_gone(folder: Path) -> bool:
    """Temporary files go when the answer is out, a moment after it has arrived."""
    until = time.monotonic() + 5
    while files_in(folder) and time.monotonic() < until:
        time.sleep(0.05)
    return files_in(folder) == []


def photo_files_in(place: dict) -> list[Path]:
    return files_in(Path(place["VAR_DIR"]) / "private")


def test_an_upload_cut_in_the_middle_leaves_nothing(place):
    with running("portal.wsgi", 1, **place) as server:
        editor = Editor(server)
        content = noise(1200, 900)
        assert editor.send(content)[0] == 200
        whole = len(photo_files_in(place))
        editor.send(content[: len(content) // 2], length=len(content))
        with socket.create_connection((editor.host, editor.port)) as connection:  # and one that just goes away
            connection.sendall(editor.head(len(content)) + content[:5000])
        time.sleep(0.5)
        assert editor.send(content)[0] == 200  # the worker is well
        assert len(photo_files_in(place)) == 2 * whole
        assert files_in(Path(place["TMPDIR"])) == []


def test_two_gigabytes_are_refused_before_they_are_read(place):
    with running("portal.wsgi", 1, **place) as server:
        editor = Editor(server)
        began = time.monotonic()
        with socket.create_connection((editor.host, editor.port), timeout=30) as connection:
            connection.sendall(editor.head(2 * 1024**3) + bytes(1000))
            answer = connection.recv(65536)
        assert answer.split()[1] == b"413"
        assert time.monotonic() - began < 10
        assert photo_files_in(place) == [] and files_in(Path(place["TMPDIR"])) == []


@contextmanager
def small_disk(folder: Path):
    """A real disk of two megabytes at `folder`."""
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small disk needs the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_nothing_is_half_saved(place):
    content, var = noise(2600, 2000, quality=40), Path(place["VAR_DIR"])
    with small_disk(var), running("portal.wsgi", 1, **place) as server:
        status, body = Editor(server).send(content)
        assert status == 507, body
        assert b"error" in body
        assert photo_files_in(place) == [] and files_in(Path(place["TMPDIR"])) == []
        assert list((var / "private" / "photos").iterdir()) == []


@pytest.mark.parametrize("full", ["TMPDIR", "VAR_DIR"])
def test_a_whole_form_onto_a_full_disk_says_so_beside_each_file_and_keeps_what_was_typed(place, full):
    """As a browser without scripts sends it: text, a photo and an attachment at once."""
    article = make_article(title="Przed zmianą")
    address = f"/admin/news/article/{article.pk}/change/"
    big = noise(2600, 2000, quality=60)
    document = office({"word/media/image1.jpeg": big})
    assert min(len(big), len(document)) > 2 * 1024**2
    with small_disk(Path(place[full])), running("portal.wsgi", 1, **place) as server:
        editor = Editor(server)
        status, page = editor.send_form(
            address,
            {
                "title": "Po zmianie",
                "csrfmiddlewaretoken": editor.secret,
                "attachments-TOTAL_FORMS": "1",
                "new_photos": SimpleUploadedFile("zdjęcie.jpg", big, "image/jpeg"),
                "attachments-0-title": "Regulamin",
                "attachments-0-file": SimpleUploadedFile("regulamin.docx", document),
            },
        )
        assert status == 200
        assert page.count("zabrakło miejsca") >= 2, re.findall(r"errorlist.*?</ul>", page, re.DOTALL)
        assert 'value="Po zmianie"' in page and 'value="Regulamin"' in page
        assert photo_files_in(place) == []
        assert files_are_gone(Path(place["TMPDIR"]))
    article.refresh_from_db()
    assert article.title == "Przed zmianą" and not article.photos.exists() and not article.attachments.exists()
