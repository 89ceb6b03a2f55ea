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


def has_more_than(number: int, expression: Expression) -> bool:
    """Whether more documents than that contain `expression`, whatever their status."""
    sql, parameters = _engine().limited(expression, number + 1)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS found", parameters)  # noqa: S608  our own words
        return cursor.fetchone()[0] > number


def _engine():
    return ENGINES[connection.vendor]
