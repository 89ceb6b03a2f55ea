"""Putting a backup into an empty place, and making it what it has to be today: nobody erased since then comes back."""

import gzip
import io
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from events.registration.erasure import replay
from events.registration.retention import forget, report
from institutions.models import Office
from portal.accessibility.access_requests import forget_old as forget_old_requests
from portal.search.sources import reindex

from . import erasures, rows, schema
from .archive import Broken, label_of, opened, verify


class NotEmpty(Exception):
    """Why nothing is restored here, as a sentence."""


def restore(path: Path, key: str = "", register: Path | None = None, progress: Callable[[str], None] = print):
    """Everything of the backup at `path` into this database and folder; all of it, or nothing.

    `register` is the list of people erased since then (erasures.py). Raises Broken, NotEmpty, OSError.
    """
    progress("reading the whole backup first")
    contents = verify(path, key)
    _refuse_unless_empty()
    apps = _migrate_to(contents.manifest["migrations"])
    folder = Path(settings.PRIVATE_ROOT)
    try:
        with opened(path, key) as tar, transaction.atomic():
            _clear(apps)
            for member in tar:
                if member.name.startswith("rows/"):
                    _put_rows(apps, member.name, contents.manifest, tar.extractfile(member))
                elif member.name.startswith("files/"):
                    _put_file(folder, member.name, tar.extractfile(member))
            _set_sequences(apps)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # it was empty before
        raise
    progress(f"{sum(contents.counts.values())} rows, {contents.files} files")
    call_command("migrate", verbosity=0)
    forget_again(register or erasures.path(), progress)
    for label, done, total in reindex():
        if done == total:
            progress(f"search: {label} {done}")


def forget_again(register: Path, progress: Callable[[str], None]):
    known = erasures.read(register)
    progress(f"{replay(known)} registrations of erased people emptied again (register: {register}, {len(known)})")
    for line in report(forget()):
        progress(f"  {line}")
    progress(f"accessibility requests: {forget_old_requests()}")
    erasures.write()


def _refuse_unless_empty():
    if "institutions_office" in connection.introspection.table_names():
        if Office.objects.exists() or get_user_model().objects.exists():
            raise NotEmpty(
                "There is a portal in this database. Restore into an empty one, and keep this one until then."
            )
    folder = Path(settings.PRIVATE_ROOT)
    if folder.exists() and any(path.is_file() for path in folder.rglob("*")):
        raise NotEmpty(f"There are files in {folder}. Restore into an empty folder, and keep this one until then.")


def _migrate_to(applied: list[list[str]]):
    """Bring the tables to where they were; returns the models of that time. Raises Broken, NotEmpty."""
    executor = MigrationExecutor(connection)
    wanted = {tuple(key) for key in applied}
    graph = executor.loader.graph
    if unknown := sorted(key for key in wanted if key not in graph.nodes and key not in executor.loader.replacements):
        raise Broken(f"It was made by a newer version of the portal, which knows {unknown[0][0]}.{unknown[0][1]}.")
    wanted = {key for key in wanted if key in graph.nodes}
    present = set(executor.loader.applied_migrations)
    leaves = schema.leaves(graph, wanted)
    if present - wanted:
        raise NotEmpty("The tables here are newer than the backup. Drop and create the database, do not migrate it.")
    executor.migrate(leaves)
    return executor.loader.project_state(leaves).apps


def _clear(apps):
    """What migrations put into the tables stands in the backup too, as it was changed later."""
    for model in rows.models_of(apps):
        model._base_manager.all()._raw_delete(using="default")


def _put_rows(apps, name: str, manifest: dict, packed):
    label = label_of(name)
    model = apps.get_model(label)
    table = manifest["tables"][label]
    with gzip.GzipFile(fileobj=packed) as content:
        number = rows.write(model, table["columns"], io.TextIOWrapper(content, encoding="utf-8"), "default")
    if number != table["rows"]:
        raise Broken(f"{label}: {number} rows instead of {table['rows']}")


def _put_file(folder: Path, name: str, content):
    parts = PurePosixPath(name).parts[1:]
    if not parts or any(part in ("..", "/", "") or "\0" in part for part in parts):
        raise Broken(f"{name} is no name of an upload")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    target.chmod(0o640)


def _set_sequences(apps):
    """So that the next new row gets a new number."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), rows.models_of(apps)):
            cursor.execute(statement)
