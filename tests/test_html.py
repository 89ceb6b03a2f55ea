"""The HTML checker of the W3C (vnu) finds no error in any kind of page, nor in a stylesheet."""

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from django.test import Client

from tests.conftest import lacking
from tests.kinds import KINDS

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
# Correct CSS of recent years that the checker does not know yet.
UNKNOWN_TO_VNU = ["light-dark", "color-mix", "text-wrap", "@layer", "@container", "container-type"]


@pytest.fixture(scope="session")
def vnu():
    """The address of a checker, started once: a page then takes 20 ms instead of 2 s."""
    jar = os.environ.get("VNU_JAR") or next(map(str, ROOT.glob("node_modules/vnu-jar/build/dist/vnu.jar")), "")
    if not jar or not shutil.which("java"):
        lacking("no HTML checker: set VNU_JAR to vnu.jar (npm package vnu-jar) and install Java")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "java",
        "-Dnu.validator.servlet.bind-address=127.0.0.1",
        "-cp",
        jar,
        "nu.validator.servlet.Main",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/?out=json"
    try:
        wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            errors_of(address, "<!doctype html><title>x</title>", "text/html")
            return
        except URLError:
            time.sleep(0.3)
    lacking("the HTML checker did not start")


def errors_of(address: str, content: str, content_type: str) -> list[str]:
    request = Request(address, content.encode(), {"Content-Type": f"{content_type}; charset=utf-8"})
    with urlopen(request, timeout=60) as response:
        messages = json.load(response)["messages"]
    return [f"{found['message']} — {found.get('extract', '')}" for found in messages if found["type"] == "error"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_correct_html(kind, vnu, demo):
    page = Client().get(KINDS[kind](), follow=True).content.decode()
    assert errors_of(vnu, page, "text/html") == []


@pytest.mark.parametrize("sheet", sorted(path.name for path in (ROOT / "static" / "css").glob("*.css")))
def test_the_stylesheet_is_correct_css(sheet, vnu):
    css = (ROOT / "static" / "css" / sheet).read_text(encoding="utf-8")
    errors = errors_of(vnu, css, "text/css")
    assert [error for error in errors if not any(word in error for word in UNKNOWN_TO_VNU)] == []


def test_the_checker_would_find_a_fault(vnu):
    assert errors_of(vnu, "<!doctype html><html lang=pl><title>x</title><p><h1>y</p>", "text/html")
    assert errors_of(vnu, "p { color: nothing; widht: 3px }", "text/css")
