"""The one door to the database's own full-text engine."""

from django.db import connection
from django.db.models import Q

from . import engine_postgresql, engine_sqlite
from .expression import Expression, Scope

ENGINES = {"postgresql": engine_postgresql, "sqlite": engine_sqlite}


def matching(expression: Expression, scope: Scope = Scope.DOCUMENT) -> Q:
    """The documents that contain `expression` within `scope`, found by the index. The same ones with every engine."""
    return Q(pk__in=_engine().matching_ids(expression, scope))


def row_contains(expression: Expression, scope: Scope = Scope.DOCUMENT) -> Q:
    """The same, asked of each document that other conditions leave. Not for subqueries: it names the table."""
    return Q(_engine().row_contains(expression, scope))


def first_found(number: int, expression: Expression) -> list[int]:
    """The keys of so many documents that contain `expression`, in no order and whatever their status."""
    with connection.cursor() as cursor:
        cursor.execute(*_engine().limited(expression, number))
        return [key for (key,) in cursor.fetchall()]


def with_keys(keys: list[int]) -> Q:
    """The documents that have these keys: one parameter, however many there are."""
    return Q(pk__in=_engine().rows_of(keys))


def _engine():
    return ENGINES[connection.vendor]
