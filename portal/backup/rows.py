"""Rows as text and back: the same for SQLite and PostgreSQL, to the microsecond."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from uuid import UUID

from django.apps.registry import Apps
from django.db import connections
from django.db.models import JSONField, Model
from django.utils.duration import duration_iso_string

# Made again, or of no use elsewhere: everybody logs in anew, the index is made from the texts.
LEFT_OUT = ("sessions", "search", "axes")
BATCH = 500


def models_of(apps: Apps) -> list[type[Model]]:
    """All tables of the portal but those left out, in a fixed order."""
    found = (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)
    kept = (model for model in found if model._meta.managed and model._meta.app_label not in LEFT_OUT)
    return sorted(kept, key=lambda model: model._meta.label_lower)


def columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields]


def read(model: type[Model], using: str) -> Iterator[str]:
    """Each row as a line of JSON."""
    rows = model._base_manager.using(using).order_by("pk").values_list(*columns_of(model))
    for row in rows.iterator(chunk_size=2000):
        yield json.dumps(row, default=_as_text, ensure_ascii=False, separators=(",", ":"))


def _as_text(value) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return b64encode(bytes(value)).decode()
    raise TypeError(f"{type(value).__name__} cannot be kept in a backup")


def write(model: type[Model], columns: list[str], lines: Iterator[str], using: str) -> int:
    """Put rows into the table exactly as they were: no automatic dates, no signals. Returns how many."""
    fields = [next(field for field in model._meta.local_concrete_fields if field.attname == name) for name in columns]
    written = 0
    while batch := list(islice(lines, BATCH)):
        objects = [
            model(**{
                field.attname: value if value is None or isinstance(field, JSONField) else field.to_python(value)
                for field, value in zip(fields, json.loads(line), strict=True)
            })
            for line in batch
        ]  # fmt: skip
        largest = connections[using].ops.bulk_batch_size(fields, objects) or BATCH
        for start in range(0, len(objects), largest):
            part = objects[start : start + largest]
            model._base_manager.using(using)._insert(part, fields=fields, raw=True, using=using)
        written += len(objects)
    return written
