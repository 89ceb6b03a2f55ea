"""Long lists in pages, whose cost does not grow with all that was ever published."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property

COUNTED = 1000


class CappedPaginator(Paginator):
    """Of a longer list the first thousand: whoever looks for what lies further behind asks by year, or by words."""

    @cached_property
    def count(self):
        return min(self._counted, COUNTED)

    @property
    def is_capped(self) -> bool:
        return self._counted > COUNTED

    @cached_property
    def _counted(self):
        return self.object_list.order_by().values("pk")[: COUNTED + 1].count()


def page_or_404(request, paginator: Paginator):
    try:
        return paginator.page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None


def years_of(queryset, field: str) -> list[int]:
    """From the year of the last row to that of the first; there may be none of a year in between.

    Asked for one by one, because both come from the ends of an index; together SQLite would read all of it.
    """
    moments = queryset.exclude(**{field: None}).values_list(field, flat=True)
    first, last = moments.order_by(field).first(), moments.order_by(f"-{field}").first()
    if first is None:
        return []
    return list(range(timezone.localtime(last).year, timezone.localtime(first).year - 1, -1))
