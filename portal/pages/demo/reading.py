"""Reading fixtures/demo: JSON, and days relative to today turned into moments."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "demo"


def read(name: str):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def moment(offset: int, clock: str = "09:00") -> datetime:
    """`clock` o'clock in Warsaw, `offset` days from today."""
    return timezone.make_aware(datetime.combine(day(offset), time.fromisoformat(clock)))


def past_moment(days_ago: int, clock: str) -> datetime:
    """Like `moment`, but what was published today was published already, whatever the clock says."""
    found = moment(-days_ago, clock)
    just_now = timezone.now() - timedelta(minutes=5)
    return min(found, just_now) if days_ago == 0 else found
