"""The view journal: one line for each page sent, appended with one write, so that a killed process loses nothing.

A file a day and host; its lines are tab-separated: time, what was seen, status, method, purpose (prefetch), whether a
session cookie came with it, user agent. nginx can write the same format. Whether a line is a view is
decided in fold.py alone.
"""

import os
import threading
from datetime import UTC, datetime

from django.conf import settings

HEADER = "X-Portal-Viewed"

_open_file: tuple[str, int] | None = None
_lock = threading.Lock()


def mark_viewed(response, obj):
    """Say that this answer shows `obj`, so that the middleware counts it, also when it comes from a cache later."""
    response[HEADER] = f"{obj._meta.label_lower}:{obj.pk}"
    return response


def file_name(day: str) -> str:
    return f"views-{day}.log"


def append(seen: str, status: int, method: str, purpose: str, has_session: bool, user_agent: str):
    now = datetime.now(UTC).isoformat(timespec="seconds")
    fields = [now, seen, str(status), method, purpose, str(int(has_session)), user_agent]
    line = "\t".join(" ".join(field.split())[:300] for field in fields) + "\n"
    os.write(_descriptor(now[:10]), line.encode("utf-8", "replace"))


def _descriptor(day: str) -> int:
    global _open_file
    if _open_file and _open_file[0] == day:
        return _open_file[1]
    with _lock:
        if not (_open_file and _open_file[0] == day):
            settings.VIEW_JOURNAL_DIR.mkdir(parents=True, exist_ok=True)
            path = settings.VIEW_JOURNAL_DIR / file_name(day)
            # The old descriptor stays open: another thread may be writing to it. One a day is left, not a leak.
            _open_file = (day, os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640))
        return _open_file[1]
