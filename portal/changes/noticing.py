"""Every statement that changes a row which public pages may show is noticed, whoever sends it and however.

Signals would miss `update()`, `bulk_create()` and SQL of one's own. Only a statement typed into the database's own
shell goes unnoticed: for it, pages are made anew by time (settings.PAGE_UNCHANGED_SECONDS).
"""

import re

from django.db import connection, transaction
from django.utils import timezone

from .models import LastChange

WRITE = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE
)
# What begins otherwise and changes no row; "WITH …" and all that nobody has thought of count as changes.
HARMLESS = re.compile(
    r"\s*\(?(?:SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET|SHOW|PRAGMA|EXPLAIN|DECLARE|FETCH|CLOSE|ANALYZE|VACUUM"
    r"|CHECKPOINT|LOCK|CREATE|ALTER|DROP|REINDEX)\b",
    re.IGNORECASE,
)
# Tables of which no public page shows anything. A new table is taken for public until it is named here.
UNSEEN = re.compile(
    "accessibility_accessrequest$|auth_|axes_|changes_|counters_|django_|duties_|editing_|links_|otp_|outbox_|reversion_"
    "|search_plainform|search_indexstate|registration_(?!registration$|signup$|certificate$)"
)


def changes_pages(sql: str) -> bool:
    written = WRITE.match(sql)
    return not UNSEEN.match(written[1]) if written else not HARMLESS.match(sql)


def watch(connection, **_kwargs):
    """Called for each new connection to the database."""
    if connection.alias == "default" and _notice not in connection.execute_wrappers:
        connection.execute_wrappers.append(_notice)


def _notice(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if changes_pages(sql):
        _after_commit(context["connection"])
    return result


def _after_commit(of):
    """Once for a transaction, and after it: a page made before would show what was there before."""
    if not any(note_change in callback for callback in of.run_on_commit):
        transaction.on_commit(note_change, using=of.alias, robust=True)


def note_change():
    if not _is_migrated():
        return
    now = timezone.now()
    if not LastChange.objects.update(at=now, next_at=None):
        LastChange.objects.bulk_create([LastChange(pk=1, at=now)], ignore_conflicts=True)


_has_table = False


def _is_migrated() -> bool:
    """False while `migrate` fills other tables before this one is there."""
    global _has_table
    _has_table = _has_table or LastChange._meta.db_table in connection.introspection.table_names()
    return _has_table
