"""Views of the last days, for the editors' first page: a chart, and the same as a table."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Sum
from django.utils import timezone

from .models import ViewDay

DAYS = 30
TOP = 5
HEIGHT = 100  # of the highest bar, in units of the drawing
STEP, WIDTH = 10, 8  # from bar to bar, and of a bar


@dataclass(frozen=True)
class Bar:
    day: date
    views: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    total: int
    best: Bar | None
    top: list[tuple[object, int]]  # (what was read, views)
    width: int = DAYS * STEP
    height: int = HEIGHT
    bar_width: int = WIDTH


def last_days() -> Chart:
    """The last 30 days without today, which is not over; a day on which nobody came is 0."""
    today = timezone.localdate()
    days = [today - timedelta(days=DAYS - number) for number in range(DAYS)]
    rows = ViewDay.objects.filter(day__gte=days[0], day__lt=today)
    counted = dict(rows.values_list("day").annotate(sum=Sum("views")).order_by())
    highest = max(counted.values(), default=0)
    bars = []
    for number, day in enumerate(days):
        views = counted.get(day, 0)
        height = round(HEIGHT * views / highest) if highest else 0
        bars.append(Bar(day, views, number * STEP, HEIGHT - height, height))
    best = max(bars, key=lambda bar: bar.views) if highest else None
    return Chart(bars, sum(counted.values()), best, _most_read(rows))


def _most_read(rows) -> list[tuple[object, int]]:
    found = rows.values("content_type", "object_id").annotate(sum=Sum("views")).order_by("-sum", "object_id")
    most = []
    for row in found[: TOP * 2]:  # some may have been deleted meanwhile
        model = ContentType.objects.get_for_id(row["content_type"]).model_class()
        if model is not None and (thing := model._default_manager.filter(pk=row["object_id"]).first()):
            most.append((thing, row["sum"]))
    return most[:TOP]
