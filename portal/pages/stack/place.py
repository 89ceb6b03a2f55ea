"""The environment of a stack: a folder, free ports, and the settings that follow from them."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .services import HOST, ROOT, found, free_port

DATABASES = ("postgresql", "sqlite")


@contextmanager
def stack_place(database: str, behind_nginx: bool = True) -> Iterator[dict[str, str]]:
    """Yield what the first web process and every command shall find in their environment."""
    with tempfile.TemporaryDirectory(prefix="portal-stack-") as folder:
        first = Path(folder) / "host-a"
        first.mkdir()
        own = f"sqlite:///{first / 'portal.sqlite3'}"
        yield {
            "VAR_DIR": str(first),
            "FILES_DIR": str(Path(folder) / "files"),
            "DATABASE_URL": own if database == "sqlite" else f"postgres://postgres@{HOST}:{free_port()}/portal",
            "REDIS_URL": f"redis://{HOST}:{free_port()}" if found("redis-server") else "",
            "SITE_URL": f"http://{HOST}:{free_port()}",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "BEHIND_NGINX": str(int(behind_nginx)),
            "PAGE_CACHE_SECONDS": "",
            "SIGNUPS_PER_ADDRESS": "0",
            "SECOND_FACTOR": "0",
            "DEBUG": "",
            "EMAIL_URL": "",
        }


def run_inside(environment: dict[str, str], *words: str) -> int:
    """Run a command of manage.py in that environment; whoever ends this process ends it, and it tidies up first."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words], cwd=ROOT, env={**os.environ, **environment}, start_new_session=True
    )
    before = {
        number: signal.signal(number, lambda *_: process.send_signal(signal.SIGINT))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
