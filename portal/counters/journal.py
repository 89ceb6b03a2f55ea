"""The view journal: one line for each page sent, appended with one write, so that a killed process loses nothing.

Files of one day and one writer; a line is tab-separated: time, what was seen, status, method, purpose (prefetch),
whether a session cookie came with it, user agent. Two programs write it: the portal itself, or nginx in front of it
(BEHIND_NGINX; its log format stands in deploy/nginx/portal.conf), which also sees the pages that its own cache
answered. Whether a line is a view is decided in fold.py alone.
"""

import os
import re
import secrets
import threading
from datetime import UTC, date, datetime

from django.conf import settings

HEADER = "X-Portal-Viewed"
FILE_NAME = re.compile(r"views-(\d{4}-\d\d-\d\d)(-nginx)?\.log")

_open_file: tuple[str, int] | None = None
_lock = threading.Lock()


def mark_viewed(response, obj):
    """Say that this answer shows `obj`, so that it is counted each time it is sent, also from a cache later."""
    response[HEADER] = f"{obj._meta.label_lower}:{obj.pk}"
    return response


def file_name(day: str) -> str:
    return f"views-{day}.log"


def day_of(name: str) -> date | None:
    """The day that a journal file is of, in the time of its writer; None: not a journal file."""
    match = FILE_NAME.fullmatch(name)
    return date.fromisoformat(match[1]) if match else None


def journal_id() -> str:
    """The name of this host's journal. It lies beside the files: they may move to a machine called otherwise, or come
    back in a container with a new name, and are still counted from where the count stopped."""
    path = settings.VIEW_JOURNAL_DIR / "journal-id"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    settings.VIEW_JOURNAL_DIR.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(4)}.part")
    part.write_text(secrets.token_hex(16))
    try:
        os.link(part, path)  # whole, and of two processes at once only the first
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_text()


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
