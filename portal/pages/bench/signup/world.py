"""What the cases run against: gunicorn with four workers, a mail server, `tick` and visitors, each a process."""

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from ..server import HOST, ROOT, Server, free_port, running, wait_for

HERE = Path(__file__).parent
MANAGE = [sys.executable, "manage.py"]
WORKERS = 4
LOG = "processes.log"
PATIENCE = 60  # seconds, for what must come sooner or later


@contextmanager
def world(folder: Path):
    """The portal on the database of this process; `folder` takes its static files and what the processes write."""
    sink = Sink(folder / "letters")
    environment = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "VAR_DIR": str(folder),
        "EMAIL_URL": f"smtp://{HOST}:{sink.port}",
        "SIGNUPS_PER_ADDRESS": "0",
    }
    call_in(environment, "collectstatic", "--no-input", "--verbosity", "0").check_returncode()
    with sink.listening(), running("portal.wsgi", WORKERS, folder / LOG, **environment) as server:
        yield World(server, sink, environment, folder)


def database_url() -> str:
    own = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{own['NAME']}"
    secret = f":{quote(own['PASSWORD'], safe='')}" if own["PASSWORD"] else ""
    return f"postgres://{quote(own['USER'], safe='')}{secret}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"


def comes_true(condition) -> bool:
    """Wait for what other processes do."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def call_in(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess:
    """A command of manage.py, as a process."""
    own = {**os.environ, **environment}
    return subprocess.run([*MANAGE, *words], cwd=ROOT, env=own, capture_output=True, text=True)


@dataclass(frozen=True)
class World:
    server: Server
    sink: "Sink"
    environment: dict[str, str]
    folder: Path

    @contextmanager
    def served_by(self, application: str, **environment: str):
        """The same world, but another WSGI application answers."""
        with running(application, WORKERS, self.folder / LOG, **self.environment, **environment) as server:
            yield replace(self, server=server)

    # Visitors

    def storm(self, requests: list[dict], **how) -> "Storm":
        return self.begin_storm(requests, **how).results()

    def begin_storm(self, requests: list[dict], **how) -> "Storming":
        """`how` is explained in storm_client.py."""
        plan = {"address": self.server.address, "requests": requests, **how}
        return Storming(plan, self.folder)

    def visit(self, *requests: dict) -> list["Answer"]:
        """One after another."""
        return self.storm(list(requests), visitors=1).answers

    def keep_pages(self, paths: list[str], folder: str):
        """For bare_app.py, which gives the same bytes back."""
        for path in paths:
            (Path(folder) / path.replace("/", "%2F")).write_bytes(self.server.fetch(path))

    # Processes

    def kill_a_worker(self) -> bool:
        workers = self.server.workers()
        return bool(workers) and kill(random.choice(workers))

    def kill_all_workers(self):
        for pid in self.server.workers():
            kill(pid)

    def wait_until_served(self):
        wait_for(self.server)

    @contextmanager
    def ticking(self):
        """`tick` every second; yields its process."""
        own = {**os.environ, **self.environment}
        with (self.folder / LOG).open("a") as log:
            process = subprocess.Popen([*MANAGE, "tick", "--loop", "1"], cwd=ROOT, env=own, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            if process.wait() > 0:
                raise RuntimeError(f"tick ended by itself: {(self.folder / LOG).read_text()[-1000:]}")

    def manage(self, *words: str) -> subprocess.CompletedProcess:
        return call_in(self.environment, *words)


def kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it ended by itself
        return False
    return True


# --- Visitors ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where the connection broke, None where time was over before the request was sent."""

    status: int | None
    location: str = ""
    text: str = ""
    tries: int = 0
    sent_at: float = 0
    answered_at: float = 0

    @property
    def is_success(self) -> bool:
        """Of a press of a button: what a page says again because something is wrong is no redirect."""
        return self.status == 303

    @property
    def seconds(self) -> float:
        return self.answered_at - self.sent_at


@dataclass(frozen=True)
class Storm:
    """The answers in the order of the requests."""

    answers: list[Answer]

    @property
    def sent(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.status is not None]

    @property
    def statuses(self) -> Counter:
        return Counter(answer.status for answer in self.sent)

    @property
    def seconds(self) -> float:
        """From the first press of a button to the last answer."""
        return max(answer.answered_at for answer in self.sent) - min(answer.sent_at for answer in self.sent)

    @property
    def per_second(self) -> float:
        return len(self.sent) / self.seconds

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        return 1000 * statistics.quantiles([answer.seconds for answer in self.sent], n=100)[percent - 1]


class Storming:
    """Visitors who are at it."""

    def __init__(self, plan: dict, folder: Path):
        self.file, self.pressed = folder / "answers.json", folder / "pressed"
        self.pressed.unlink(missing_ok=True)
        (folder / "plan.json").write_text(json.dumps({**plan, "pressed": str(self.pressed)}))
        with (folder / "plan.json").open() as stdin, self.file.open("w") as stdout:
            self.process = subprocess.Popen([sys.executable, HERE / "storm_client.py"], stdin=stdin, stdout=stdout)

    def has_pressed(self) -> bool:
        """Whether somebody's button is on its way."""
        return self.pressed.exists()

    def goes_on(self) -> bool:
        return self.process.poll() is None

    def results(self) -> Storm:
        if self.process.wait():
            raise RuntimeError("the visitors could not finish")
        return Storm([Answer(**answer) for answer in json.loads(self.file.read_text())])


# --- The mail server --------------------------------------------------------------------------------------------------


class Sink:
    def __init__(self, file: Path):
        self.file, self.port = file, free_port()
        self.silent, self.heard = file.with_suffix(".silent"), file.with_suffix(".heard")
        self.process = None

    @contextmanager
    def listening(self):
        self.start()
        try:
            yield
        finally:
            self.stop()

    def start(self):
        command = [sys.executable, HERE / "smtp_sink.py", str(self.port), self.file]
        self.process = subprocess.Popen(command)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    @contextmanager
    def hanging(self, when: str):
        """It never answers, "before" or "after" it has taken a letter over."""
        self.silent.write_text(when)
        self.heard.unlink(missing_ok=True)
        try:
            yield
        finally:
            self.silent.unlink()

    def letters(self) -> list[dict]:
        """`to`, `id` (Message-ID) and `subject`, in the order of arrival."""
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def ids(self) -> set[str]:
        return {letter["id"] for letter in self.letters()}
