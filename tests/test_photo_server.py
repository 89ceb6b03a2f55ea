"""Photos sent to a real gunicorn: cut in the middle, far too large, onto a full disk."""

import io
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from portal.pages.bench.server import running
from tests.make import make_user

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


@pytest.fixture
def place(tmp_path, own_database):
    """The environment of a server that has this test's database and folders of its own."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        address = f"sqlite:///{own_database}"
    else:
        who = f"{database['USER']}:{database['PASSWORD']}@" if database["USER"] else ""
        address = f"postgres://{who}{database['HOST']}:{database['PORT']}/{own_database}"
    return {
        "VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": address, "SECRET_KEY": settings.SECRET_KEY, "DEBUG": "1",
        "TMPDIR": str(scratch), "DJANGO_SETTINGS_MODULE": "portal.settings",
    }  # fmt: skip


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


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


def test_a_full_disk_is_told_and_nothing_is_half_saved(place):
    """The files lie on a real disk of two megabytes."""
    content = noise(2600, 2000, quality=40)
    var = Path(place["VAR_DIR"])
    var.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(var)], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    try:
        with running("portal.wsgi", 1, **place) as server:
            status, body = Editor(server).send(content)
            assert status == 507, body
            assert b"error" in body
            assert photo_files_in(place) == [] and files_in(Path(place["TMPDIR"])) == []
            assert list((var / "private" / "photos").iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", str(var)], check=True)
