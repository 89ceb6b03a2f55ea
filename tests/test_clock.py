"""The clock of the machine is set back, and far forward, while the portal runs: gunicorn with tests/clock.c preloaded.

Not libfaketime: it moves the monotonic clock too, which no clock of a machine does.
"""

import re
import shutil
import subprocess
from datetime import timedelta
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from events.registration.models import Registration
from portal.pages.bench.server import running
from tests.conftest import database_url, lacking
from tests.make import make_article, make_office, make_signup
from tests.test_sign_up import GOOD, address

pytestmark = pytest.mark.once  # the database's clock is asked for nothing
HOUR, DAY = 60 * 60, 24 * 60 * 60
STAMP = re.compile(r'name="stamp" value="([^"]+)"')


class Clock:
    def __init__(self, folder: Path):
        self.library, self.file = folder / "clock.so", folder / "offset"
        source = Path(__file__).with_name("clock.c")
        compiler = shutil.which("cc") or lacking("no C compiler: install Debian's gcc")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", self.library, source, "-ldl"], check=True)
        self.set(0)

    def set(self, seconds: int):
        """Of every process, from now on: by how much it goes before the real one."""
        self.file.write_text(str(seconds))


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path)


@pytest.fixture
def ask(clock, tmp_path, own_database):
    environment = {
        "VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": database_url(own_database), "DEBUG": "1",
        "SECRET_KEY": settings.SECRET_KEY, "DJANGO_SETTINGS_MODULE": "portal.settings", "PAGE_CACHE_SECONDS": "5",
        "LD_PRELOAD": str(clock.library), "CLOCK_OFFSET": str(clock.file),
    }  # fmt: skip
    make_office()
    with running("portal.wsgi", 1, **environment) as server:

        def ask(path: str, form: dict | None = None) -> tuple[int, str]:
            line = HTTPConnection(urlsplit(server.address).netloc, timeout=30)
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
            line.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()

        yield ask


def test_pages_follow_the_clock_forward_and_back(ask, clock):
    coming = make_article(publish_at=timezone.now() + timedelta(days=1)).get_absolute_url()
    going = make_article(expire_at=timezone.now() + timedelta(days=1)).get_absolute_url()
    assert [ask(coming)[0], ask(going)[0]] == [404, 200]
    clock.set(3 * DAY)
    assert [ask(coming)[0], ask(going)[0]] == [200, 404]
    clock.set(0)  # what was kept at a time that is still to come is not shown
    assert [ask(coming)[0], ask(going)[0]] == [404, 200]
    clock.set(-3 * DAY)
    assert ask(coming)[0] == 404


@pytest.mark.parametrize("offset", [-HOUR, 2 * HOUR])
def test_a_form_that_was_open_when_the_clock_changed_is_taken(ask, clock, offset):
    signup = make_signup()
    stamp = unescape(STAMP.search(ask(address(signup))[1])[1])
    clock.set(offset)
    status, page = ask(address(signup), {"stamp": stamp, **GOOD})
    assert status == 303, re.findall(r'class="errorlist".*?</ul>', page, re.DOTALL)
    assert Registration.objects.get().people[0].last_name == GOOD["last_name"]
