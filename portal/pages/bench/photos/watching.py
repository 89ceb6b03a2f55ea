"""The memory of gunicorn's workers while something goes on."""

import threading
from contextlib import contextmanager
from pathlib import Path

EVERY = 0.05  # seconds


class Seen:
    peak = 0  # bytes of the largest worker


@contextmanager
def memory(server):
    """Watch the workers of `server` until the block ends; on systems without /proc the peak stays 0."""
    seen, is_over = Seen(), threading.Event()

    def watch():
        while not is_over.wait(EVERY):
            seen.peak = max([seen.peak, *map(resident, server.workers() or [])])

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)
