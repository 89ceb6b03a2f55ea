"""Counting: the journal's lines become numbers, each line exactly once."""

import re
import socket
from collections import Counter
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import JournalPosition, ViewDay, ViewTotal

CHUNK = 8 * 1024 * 1024
# The only list of robots. Their own names say what they are; libraries and monitors are not readers either.
ROBOTS = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|archive|facebookexternalhit|preview|monitor|pingdom|uptime|lighthouse|headless|"
    r"curl|wget|python-|httpx|aiohttp|okhttp|java/|go-http|libwww|scrapy|feed|rss|validator|gpt|-user/",
    re.IGNORECASE,
)


def is_view(status: str, method: str, purpose: str, has_session: str, user_agent: str) -> bool:
    """A view is a page that a person asked for and got: not a robot, not staff, not a prefetch or a HEAD."""
    return (
        status in ("200", "304")
        and method == "GET"
        and "prefetch" not in purpose
        and "prerender" not in purpose
        and has_session == "0"
        and bool(user_agent)
        and not ROBOTS.search(user_agent)
    )


def fold_journal() -> str:
    """Count all new whole lines of this host's journal files; remove files of past days that are wholly counted."""
    counted = 0
    today = datetime.now(UTC).date()
    for path in sorted(settings.VIEW_JOURNAL_DIR.glob("views-*.log")):
        while (lines := _fold_chunk(path)) is not None:
            counted += lines
        is_past = path.name < f"views-{today - timedelta(days=1)}.log"
        if is_past:
            path.unlink()
            JournalPosition.objects.filter(host=socket.gethostname(), file_name=path.name).delete()
    return f"{counted} views"


@transaction.atomic
def _fold_chunk(path) -> int | None:
    """Count the next part of one file, and remember how far, in one transaction. None when there is nothing new."""
    JournalPosition.objects.get_or_create(host=socket.gethostname(), file_name=path.name)
    position = JournalPosition.objects.select_for_update().get(host=socket.gethostname(), file_name=path.name)
    with open(path, "rb") as file:
        file.seek(position.offset)
        chunk = file.read(CHUNK)
    end = chunk.rfind(b"\n") + 1  # a line still being written waits for the next fold
    if not end:
        return None
    views = Counter()
    for line in chunk[:end].decode("utf-8", "replace").splitlines():
        if view := _read_line(line):
            views[view] += 1
    _add(views)
    JournalPosition.objects.filter(pk=position.pk).update(offset=position.offset + end)
    return sum(views.values())


def _read_line(line: str):
    """(model label, id, day in Warsaw) of a line that is a view, else None."""
    fields = line.split("\t")
    if len(fields) != 7 or not is_view(*fields[2:]):
        return None
    label, _colon, number = fields[1].partition(":")
    try:
        day = timezone.localdate(datetime.fromisoformat(fields[0]))
        return label, int(number), day
    except ValueError:
        return None


def _add(views: Counter):
    for (label, object_id, day), count in views.items():
        try:
            content_type = ContentType.objects.get_for_model(apps.get_model(label))
        except (LookupError, ValueError):
            continue
        key = {"content_type": content_type, "object_id": object_id}
        if not ViewDay.objects.filter(**key, day=day).update(views=F("views") + count):
            ViewDay.objects.create(**key, day=day, views=count)
        if not ViewTotal.objects.filter(**key).update(total=F("total") + count):
            ViewTotal.objects.create(**key, total=count)
