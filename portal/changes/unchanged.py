"""Whether a page made at some moment would come out the same now: the question that spares making it anew."""

import threading
import time
import zlib
from datetime import UTC, datetime

from django.conf import settings
from django.db import Error
from django.utils import timezone

from .models import LastChange, next_publication_or_expiry

SECONDS_KNOWN = 1  # so long a process believes what it has read
SECONDS_BELIEVED = 3  # and so long while somebody is asking anew
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
SPREAD = 0.25  # of the longest age: pages that were all asked for in one minute are not all made anew in another

_started = time.time()  # a new release makes other pages
_lock = threading.Lock()
_known = (0.0, None)  # (monotonic time of reading, moment of the last change as a timestamp; None: not known)


def is_unchanged_since(made_at: float, path: str) -> bool:
    """`made_at`: when the making of the page began, in seconds since 1970. False also where it cannot be known."""
    age = time.time() - made_at
    if made_at < _started or not 0 <= age <= longest_age(path):  # below 0 the clock was set back
        return False
    changed_at = last_change()
    # What a page is made of may itself have been kept for some seconds, and clocks of machines differ a little.
    return changed_at is not None and made_at > changed_at + settings.FURNITURE_CACHE_SECONDS + 2


def longest_age(path: str) -> float:
    """In seconds, somewhat less for some pages than for others; always the same for one page."""
    return settings.PAGE_UNCHANGED_SECONDS * (1 - SPREAD * zlib.crc32(path.encode()) / 2**32)


def last_change() -> float | None:
    """As a timestamp. While one thread asks, the others go on with what was known a moment ago, but not longer ago."""
    global _known
    age = time.monotonic() - _known[0]
    if age > SECONDS_KNOWN and _lock.acquire(blocking=age > SECONDS_BELIEVED):
        try:
            if time.monotonic() - _known[0] > SECONDS_KNOWN:
                _known = (time.monotonic(), _read())
        finally:
            _lock.release()
    return _known[1]


def _read() -> float | None:
    try:
        change = LastChange.objects.first()
        if change is None:
            return None
        if change.next_at is None:
            _foresee(change)
        elif change.next_at <= timezone.now():
            LastChange.objects.filter(at=change.at).update(at=change.next_at, next_at=None)
            return change.next_at.timestamp()
        return change.at.timestamp()
    except Error:
        return None


def _foresee(change: LastChange):
    coming = next_publication_or_expiry(change.at) or NEVER
    LastChange.objects.filter(at=change.at, next_at=None).update(next_at=coming)
