"""Counting: the journal's lines become numbers, each line exactly once.

How far a file has been counted is written in the transaction that adds the numbers, so a fold that is killed, or two
at once, change nothing. Needs no lease: each host folds its own journal, and none waits for another.
"""

import logging
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from . import journal
from .models import JournalPosition, ViewDay, ViewTotal, add_up

logger = logging.getLogger("portal.counters")

CHUNK = 8 * 1024 * 1024
# Nobody writes to a file of the day before yesterday, wherever midnight was.
KEPT = timedelta(days=2)
LARGEST_ID = 2**63 - 1
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
        and is_a_browser(user_agent)
    )


@lru_cache(2048)
def is_a_browser(user_agent: str) -> bool:
    return user_agent not in ("", "-") and not ROBOTS.search(user_agent)  # nginx writes "-" for nothing


def fold_journal() -> str:
    """Count all new whole lines of this host's journal files; remove files of past days that are wholly counted."""
    counted = 0
    oldest = datetime.now(UTC).date() - KEPT
    for path in sorted(settings.VIEW_JOURNAL_DIR.glob("views-*.log")):
        day = journal.day_of(path.name)
        if day is None:
            continue
        while (lines := _fold_chunk(path)) is not None:
            counted += lines
        if day < oldest:
            # The position goes last: without it, a fold at the same time would count the file anew.
            path.unlink(missing_ok=True)
            JournalPosition.objects.filter(journal=journal.journal_id(), file_name=path.name).delete()
    return f"{counted} views"


@transaction.atomic
def _fold_chunk(path) -> int | None:
    """Count the next part of one file, and remember how far, in one transaction. None when there is nothing new."""
    key = {"journal": journal.journal_id(), "file_name": path.name}
    JournalPosition.objects.get_or_create(**key)
    position = JournalPosition.objects.select_for_update().get(**key)
    try:
        with open(path, "rb") as file:
            if file.seek(0, 2) < position.offset:
                logger.error("%s is shorter than what was counted of it: taken for a new file", path)
                position.offset = 0
            file.seek(position.offset)
            chunk = file.read(CHUNK)
    except FileNotFoundError:  # a fold at the same time has finished with it
        return None
    end = chunk.rfind(b"\n") + 1  # a line still being written waits for the next fold
    if not end:
        return None
    views = Counter()
    # In a flood thousands of lines are the same, so each is read once.
    for line, times in Counter(chunk[:end].split(b"\n")).items():
        if view := _read_line(line.decode("utf-8", "replace")):
            views[view] += times
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
        return label, int(number), _day_in_warsaw(fields[0])
    except ValueError:
        return None


@lru_cache(2048)
def _day_in_warsaw(moment: str):
    return timezone.localdate(datetime.fromisoformat(moment))


def _add(views: Counter):
    days, totals = Counter(), Counter()
    for (label, object_id, day), count in views.items():
        try:
            content_type = ContentType.objects.get_for_model(apps.get_model(label))
        except (LookupError, ValueError):
            continue
        if object_id > LARGEST_ID:
            continue
        days[content_type.pk, object_id, day] += count
        totals[content_type.pk, object_id] += count
    add_up(ViewDay, ["content_type_id", "object_id", "day"], "views", days)
    add_up(ViewTotal, ["content_type_id", "object_id"], "total", totals)
