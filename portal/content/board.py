"""The editors' board: what waits to be done, one line for each list that has something waiting.

A section registers its lines beside its admin; a line is a filter of that admin's list, so that the board counts
exactly what the list shows when the line is followed.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse

SHOWN = 3
COUNTED = 100


class LineFilter(admin.SimpleListFilter):
    """A filter of a list that can be a line of the board, too: `select()` says which rows a value leaves."""

    def queryset(self, request, queryset):
        return self.select(queryset, self.value())


@dataclass(frozen=True)
class BoardLine:
    heading: str
    model: type
    filter_class: type[LineFilter]
    value: str


@dataclass(frozen=True)
class WaitingLine:
    """A line with something waiting: `items` are some, the latest added first, as (title, address of the form)."""

    name: str
    url: str
    count: int
    is_capped: bool
    items: list[tuple[str, str]]


_lines: list[BoardLine] = []


def register_board_line(heading: str, model: type, filter_class: type[LineFilter], value: str):
    """Have the board show what the list of `model` shows when `filter_class` is set to `value`."""
    _lines.append(BoardLine(heading, model, filter_class, value))


def waiting(request, site: admin.AdminSite) -> list[tuple[str, list[WaitingLine]]]:
    """(heading, lines) of everything that waits and that this person may do, in the order of registration."""
    cards: dict[str, list[WaitingLine]] = {}
    for line in _lines:
        lines = cards.setdefault(str(line.heading), [])
        model_admin = site.get_model_admin(line.model)
        if model_admin.has_change_permission(request) and (found := _waiting_line(request, line, model_admin)):
            lines.append(found)
    return [(heading, lines) for heading, lines in cards.items() if lines]


def _waiting_line(request, line: BoardLine, model_admin) -> WaitingLine | None:
    queryset = line.filter_class.select(model_admin.get_queryset(request), line.value)
    # In no order, so that a database that has many rows need not look for these few along the order of the list.
    keys = list(queryset.order_by().values_list("pk", flat=True)[: COUNTED + 1])
    if not keys:
        return None
    latest = sorted(keys, reverse=True)[:SHOWN]
    items = sorted(line.model._base_manager.filter(pk__in=latest), key=lambda item: -item.pk)
    options = line.model._meta
    list_url = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return WaitingLine(
        name=options.verbose_name_plural,
        url=f"{list_url}?{urlencode({line.filter_class.parameter_name: line.value})}",
        count=min(len(keys), COUNTED),
        is_capped=len(keys) > COUNTED,
        items=[
            (str(item), reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[item.pk]))
            for item in items
        ],
    )
