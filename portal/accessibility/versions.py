"""Which version of the statement a page shows: the one in force, or for staff any other, by its number or by a day."""

from dataclasses import dataclass
from datetime import date

from portal.content.preview import may_preview

from .models import Statement


@dataclass(frozen=True)
class Version:
    """`is_current`: what everybody sees. `day`: the day that was asked for, on which there may have been none."""

    statement: Statement | None
    is_current: bool = True
    day: date | None = None


def shown_version(request) -> Version:
    if may_preview(request, Statement):
        if (number := request.GET.get("wersja", "")).isascii() and number.isdecimal() and len(number) < 19:
            if asked := Statement.objects.filter(pk=number).first():
                return Version(asked, asked == Statement.objects.current())
        if day := _day_or_none(request.GET.get("dzien", "")):
            return Version(Statement.objects.on(day), is_current=False, day=day)
    return Version(Statement.objects.current())


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
