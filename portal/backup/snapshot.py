"""The database as it is at one moment, while everybody goes on writing."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections, transaction

ALIAS = "backup"


@contextmanager
def snapshot() -> Iterator[str]:
    """Yield the alias of a connection that sees this moment only. It keeps nobody from writing."""
    copy = connection.copy(ALIAS)
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            file = Path(folder) / "copy.sqlite3"
            connection.ensure_connection()
            with closing(sqlite3.connect(file)) as target:
                connection.connection.backup(target)
            copy.settings_dict["NAME"] = str(file)
        else:
            from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

            options = copy.settings_dict.get("OPTIONS") or {}
            copy.settings_dict["OPTIONS"] = {**options, "isolation_level": ISOLATION_LEVEL_REPEATABLE_READ}
        connections[ALIAS] = copy
        try:
            with transaction.atomic(using=ALIAS):
                yield ALIAS
        finally:
            copy.close()
            del connections[ALIAS]
