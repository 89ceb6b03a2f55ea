"""A database and a folder for the measurement alone: made before it, removed after it, whatever happens."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import dj_database_url
from django.core.management import CommandError


@contextmanager
def own_place(database_url: str):
    """Yield the environment of a new SQLite file, or of a new database on the server of `database_url`."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        own = {"VAR_DIR": folder, "DEBUG": "", "SITE_URL": "", "REDIS_URL": ""}
        if not database_url:
            yield {**own, "DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.sqlite3'}"}
            return
        with own_postgres_database(database_url) as url:
            yield {**own, "DATABASE_URL": url}


@contextmanager
def own_postgres_database(url: str):
    import psycopg2
    from psycopg2.sql import SQL, Identifier

    server = dj_database_url.parse(url)
    if not server["ENGINE"].endswith("postgresql"):
        raise CommandError("--database takes a PostgreSQL address: postgres://user:password@host/name")
    name = f"{server['NAME']}_bench_{os.getpid()}"
    keys = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    connection = psycopg2.connect(dbname="postgres", **{key: value for key, value in keys.items() if value})
    connection.autocommit = True
    try:
        connection.cursor().execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            before, _slash, after = url.rpartition(f"/{server['NAME']}")  # the user may be called like the database
            yield f"{before}/{name}{after}"
        finally:
            connection.cursor().execute(SQL("DROP DATABASE {}").format(Identifier(name)))
    finally:
        connection.close()
