"""Views: a total and a number per day for each thing. Never a column of the thing itself, where a save or a restored
version would write an old number back. No address of a visitor is stored anywhere."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

ROWS_AT_ONCE = 200  # four values each stay below the 999 of an old SQLite


class ViewTotal(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    total = models.PositiveBigIntegerField(_("views"), default=0)
    start_value = models.PositiveBigIntegerField(
        _("counted before"), default=0, help_text=_("Taken over from the old site; part of the total.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="counters_one_total_per_object")
        ]

    def __str__(self):
        return str(self.total)


class ViewDay(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    day = models.DateField(_("day"), db_index=True)
    views = models.PositiveBigIntegerField(_("views"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "day"], name="counters_one_row_per_object_and_day"
            )
        ]

    def __str__(self):
        return f"{self.day}: {self.views}"


class JournalPosition(models.Model):
    """How far a journal file has been counted; written in the same transaction as the counts."""

    journal = models.CharField(max_length=100)  # see journal.journal_id()
    file_name = models.CharField(max_length=100)
    offset = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["journal", "file_name"], name="counters_one_position_per_file")]

    def __str__(self):
        return f"{self.journal}/{self.file_name}: {self.offset}"


def add_up(model, keys: list[str], column: str, numbers: dict[tuple, int]):
    """Add each number to `column` of the row that its key names, which is made where there is none.

    One statement for hundreds of rows: in a flood the journal names a thousand things every few seconds. Django's
    bulk_create(update_conflicts=True) would put the new number in place of the old one.
    """
    table, quote = model._meta.db_table, connection.ops.quote_name
    columns = [*keys, column]
    # In order, so that two hosts adding to the same rows wait for each other instead of locking each other out.
    rows = [(*key, number) for key, number in sorted(numbers.items())]
    start = {"start_value": 0} if model is ViewTotal else {}
    names = ", ".join(map(quote, [*columns, *start]))
    marks = f"({', '.join(['%s'] * len(columns) + [str(value) for value in start.values()])})"
    added = f"{quote(column)} = {quote(table)}.{quote(column)} + excluded.{quote(column)}"
    ending = f"ON CONFLICT ({', '.join(map(quote, keys))}) DO UPDATE SET {added}"
    for batch in batched(rows, ROWS_AT_ONCE):
        values = ", ".join([marks] * len(batch))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quote(table)} ({names}) VALUES {values} {ending}",  # noqa: S608  our own names only
                [value for row in batch for value in row],
            )


def batched(rows: list, size: int):
    return (rows[start : start + size] for start in range(0, len(rows), size))


def with_views(queryset):
    """Annotate each row with `views`, its total."""
    content_type = ContentType.objects.get_for_model(queryset.model)
    total = ViewTotal.objects.filter(content_type=content_type, object_id=OuterRef("pk")).values("total")
    return queryset.annotate(views=Coalesce(Subquery(total), 0))


def set_start_value(obj, count: int):
    """Begin counting `obj` at `count`, the number an older site showed. Calling it again corrects the number."""
    content_type = ContentType.objects.get_for_model(obj)
    row, _created = ViewTotal.objects.get_or_create(content_type=content_type, object_id=obj.pk)
    ViewTotal.objects.filter(pk=row.pk).update(
        total=models.F("total") - models.F("start_value") + count, start_value=count
    )
