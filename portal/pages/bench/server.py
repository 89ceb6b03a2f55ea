"""gunicorn on a free port of this machine, its workers, and the processor time that they used."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from portal.pages.stack.services import HOST, ROOT, free_port

WORKERS = 2
SECONDS_TO_START = 60


class Server:
    def __init__(self, process: subprocess.Popen, port: int):
        self.process = process
        self.address = f"http://{HOST}:{port}"

    def url(self, path: str) -> str:
        return self.address + path

    def fetch(self, path: str) -> bytes:
        return fetch(self.url(path))

    def workers(self) -> list[int] | None:
        """Their process ids; None where there is no /proc."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else None

    def cpu_seconds(self) -> float | None:
        """User and system time of the workers so far; None where there is no /proc."""
        workers = self.workers()
        return None if workers is None else sum(map(cpu_seconds_of, workers))


def cpu_seconds_of(pid: int) -> float:
    # The name of a process may hold spaces: fields are counted from the bracket that ends it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(application: str, workers: int = WORKERS, log: Path | None = None, **environment: str):
    """Serve a WSGI application, named by its module, until the block ends. `log` takes what it says."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", application, "-c", "deploy/gunicorn.conf.py",
        "--bind", f"{HOST}:{port}", "--workers", str(workers), "--max-requests", "0", "--log-level", "warning",
    ]  # fmt: skip
    with open(log, "a") if log else nullcontext() as stderr:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=stderr)
    try:
        server = Server(process, port)
        wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait()


def fetch(url: str) -> bytes:
    with urlopen(url, timeout=30) as response:  # noqa: S310  our own address
        return response.read()


def wait_for(server: Server):
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            server.fetch("/")
            return
        except (URLError, ConnectionError):
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("gunicorn did not start") from None
            time.sleep(0.1)
