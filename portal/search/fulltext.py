"""The one door to the database's own full-text engine."""

from django.db import connection
from django.db.models import Q

from . import engine_postgresql, engine_sqlite
from .expression import Expression, Scope

ENGINES = {"postgresql": engine_postgresql, "sqlite": engine_sqlite}


def matching(expression: Expression, scope: Scope = Scope.DOCUMENT) -> Q:
    """The documents that contain `expression` within `scope`. The same ones with every engine."""
    return Q(pk__in=ENGINES[connection.vendor].matching_ids(expression, scope))
