"""Work that time brings: jobs registered by the apps, run by `manage.py tick`, never two runs at once."""

import logging
import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

logger = logging.getLogger("portal.tick")

LOCK_NUMBER = 7_241_988  # any constant: the name of this lock among PostgreSQL's advisory locks

_jobs: dict[str, tuple[Callable[[], object], int]] = {}
_jobs_of_each_host: dict[str, Callable[[], object]] = {}
_last_run: dict[str, float] = {}


def register_job(name: str, function: Callable[[], object], every: int = 0):
    """Have `function` called by each tick, at most every `every` seconds. Called from AppConfig.ready()."""
    _jobs[name] = (function, every)


def register_job_of_each_host(name: str, function: Callable[[], object]):
    """Have `function` called by each tick of each host, also while another's is at work, which it must bear."""
    _jobs_of_each_host[name] = function


@contextmanager
def lease():
    """Yield True for the one tick that may run. The lock ends with its process, so a killed tick blocks nobody."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_NUMBER])
            (taken,) = cursor.fetchone()
            try:
                yield taken
            finally:
                if taken:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])
        return
    with open(settings.VAR_DIR / "tick.lock", "a") as file:
        try:
            _lock(file)
        except OSError:
            yield False
            return
        yield True


def _lock(file):
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def run_due_jobs() -> dict[str, object]:
    """Run every job that is due; one that fails is logged and does not stop the others. Returns results by name."""
    results = {name: _run(name, function) for name, function in _jobs_of_each_host.items()}
    with lease() as taken:
        if not taken:
            return results
        for name, (function, every) in _jobs.items():
            now = time.monotonic()
            if every and now - _last_run.get(name, -every) < every:
                continue
            _last_run[name] = now
            results[name] = _run(name, function)
    return results


def note_round():
    """For last_round() of every machine."""
    settings.FILES_DIR.mkdir(parents=True, exist_ok=True)
    _alive().touch()


def last_round() -> datetime | None:
    """When a tick of this site, on whichever machine, last came to its end; None: never."""
    try:
        return datetime.fromtimestamp(_alive().stat().st_mtime, UTC)
    except OSError:
        return None


def _alive() -> Path:
    return settings.FILES_DIR / "tick-alive"


def _run(name: str, function: Callable[[], object]) -> object:
    try:
        return function()
    except Exception:
        logger.exception("job %s failed", name)
        return "failed"
