"""The duties that every office of this kind has, as a start: fixtures/duties.json, to be changed in the admin."""

import json
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from portal.content.dates import next_of

from .models import Duty

SOURCE = settings.BASE_DIR / "fixtures" / "duties.json"


def make_usual_duties(responsible_email: str) -> list[Duty]:
    """Each due for the first time on its next day from today on."""
    today = timezone.localdate()
    return [_make(row, responsible_email, today) for row in json.loads(SOURCE.read_text(encoding="utf-8"))]


def _make(row: dict, responsible_email: str, today: date) -> Duty:
    first = date(row.pop("first_year", today.year - 1), row.pop("month"), row.pop("day"))
    due_on = next_of(first, row["period"], after=today - timedelta(days=1))
    return Duty.objects.create(**row, due_on=due_on, responsible_email=responsible_email)
