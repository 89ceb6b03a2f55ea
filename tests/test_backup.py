"""A backup made while people write, and everything of it back: row by row, file by file, in either database."""

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from events.models import EventSession
from events.registration import erasure
from events.registration.models import Participant, Registration, RetentionRun
from news.models import Article
from portal.backup import archive, erasures, rows
from portal.changes.models import LastChange
from portal.counters.models import JournalPosition, ViewDay, add_up
from portal.editing.models import Draft
from tests.conftest import copied_database, database_url, keeping_files_in, lacking, using_database
from tests.make import (
    in_days,
    make_article,
    make_attachment,
    make_event,
    make_institution,
    make_notice,
    make_office,
    make_page,
    make_photo,
    make_registration,
    make_signup,
    make_user,
)

ROOT = Path(__file__).resolve().parents[1]


class Place:
    """A database and a folder, as another process sees them."""

    def __init__(self, folder: Path, url: str):
        self.folder, self.url = folder, url
        self.environment = {
            **os.environ, "VAR_DIR": str(folder), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings",
            "SECRET_KEY": settings.SECRET_KEY, "SITE_URL": "", "REDIS_URL": "",
        }  # fmt: skip

    def run(self, *words, **how) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *map(str, words)]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, **how)

    def backup(self, to: Path, *words) -> Path:
        done = self.run("backup", to, *words)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.split(" (")[0].strip())

    def restore(self, path: Path, *words) -> subprocess.CompletedProcess:
        done = self.run("restore", path, *words)
        assert done.returncode == 0, done.stderr
        return done

    def files(self) -> dict[str, bytes]:
        root = self.folder / "private"
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    @contextmanager
    def reading(self):
        """The alias of a connection to it."""
        import dj_database_url

        other = connection.copy("other")
        parsed = dj_database_url.parse(self.url)
        if parsed["ENGINE"] == connection.settings_dict["ENGINE"]:
            other.settings_dict["NAME"] = parsed["NAME"]
        else:
            connections.settings["other"] = connections.configure_settings({"default": {}, "other": parsed})["other"]
            other = connections.create_connection("other")
        connections["other"] = other
        try:
            yield "other"
        finally:
            other.close()
            del connections["other"]
            connections.settings.pop("other", None)


def tables(alias: str, without=()) -> dict[str, list[tuple]]:
    """Every row of every table as the database gives it, but for when each portal last changed."""
    return {
        model._meta.label: list(
            model._base_manager.using(alias).order_by("pk").values_list(*rows.columns_of(model))
        )
        for model in rows.models_of(apps)
        if model not in (*without, LastChange)
    }  # fmt: skip


@pytest.fixture
def place(own_database, tmp_path):
    """The portal of this test: its database and a folder with real files."""
    found = Place(tmp_path / "here", database_url(own_database))
    with keeping_files_in(found.folder):
        yield found


@pytest.fixture(scope="module")
def empty_tables(tmp_path_factory):
    """A migrated SQLite file."""
    folder = tmp_path_factory.mktemp("tables")
    place = Place(folder, f"sqlite:///{folder / 'tables.sqlite3'}")
    assert place.run("migrate").returncode == 0
    with closing(sqlite3.connect(folder / "tables.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    return folder / "tables.sqlite3"


@pytest.fixture
def empty_sqlite(tmp_path, empty_tables):
    """As after `migrate`, which the portal does when it starts."""
    shutil.copy(empty_tables, tmp_path / "there.sqlite3")
    return Place(tmp_path / "there", f"sqlite:///{tmp_path / 'there.sqlite3'}")


@pytest.fixture
def no_tables(tmp_path, own_database):
    return Place(tmp_path / "bare", f"sqlite:///{tmp_path / 'bare.sqlite3'}")


@pytest.fixture
def empty_postgres(tmp_path, own_database):
    """A new database on the server of the tests."""
    name = f"{own_database}_restored"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield Place(tmp_path / "there-postgres", database_url(name))
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def fill():
    """A bit of everything, with Polish letters, microseconds, empty values and files."""
    make_office()
    editor = make_user("łucja", groups=["Redaktor"])
    unit = make_institution(name="Ośrodek „Źródło”", latitude="49.123456", longitude="21.654321")
    article = make_article(title="Zażółć gęślą jaźń 🙂", unit=unit)
    article.institutions.add(unit)
    make_photo(article, caption="Wiersz\nz nową linią")
    make_attachment(article)
    make_notice(), make_page()
    draft = {"author": editor, "saved_at": timezone.now(), "data": {"title": ["Ułamek", None, 1.5], "body": ""}}
    Draft.objects.create(content_type=ContentType.objects.get_for_model(article), **draft)
    signup = make_signup(make_event(starts_at=in_days(10), institution=unit), max_seats=2)
    for number in range(3):
        make_registration(signup, f"Anna {number} Lipowa", "Jan Lipowy", email=f"a{number}@poczta.example")
    add_up(ViewDay, ["content_type_id", "object_id", "day"], "views", {(1, article.pk, timezone.localdate()): 7})
    JournalPosition.objects.create(journal="j1", file_name="views-2026-01-01.log", offset=12)


# --- There and back ---------------------------------------------------------------------------------------------------


def test_everything_comes_back_row_by_row_and_file_by_file(place, empty_sqlite, tmp_path):
    fill()
    path = place.backup(tmp_path / "backups")
    before, files = tables("default"), place.files()
    assert len(files) >= 4
    empty_sqlite.restore(path)
    with empty_sqlite.reading() as there:
        after = tables(there, without=[RetentionRun])
    before.pop(RetentionRun._meta.label)
    for label, wanted in before.items():
        assert after[label] == wanted, label
    assert empty_sqlite.files() == files
    # What is new after it gets a number of its own.
    done = empty_sqlite.run("shell", "--command", "from news.models import *; Category.objects.create(name='Nowa')")
    assert done.returncode == 0, done.stderr


@pytest.mark.postgres
def test_an_office_grows_from_sqlite_to_postgresql(place, empty_sqlite, empty_postgres, tmp_path):
    fill()
    empty_sqlite.restore(place.backup(tmp_path / "first"))
    empty_postgres.restore(empty_sqlite.backup(tmp_path / "second"))
    with empty_postgres.reading() as there:
        after = tables(there, without=[RetentionRun])
    before = tables("default", without=[RetentionRun])
    for label, wanted in before.items():
        assert after[label] == wanted, label
    assert empty_postgres.files() == place.files()
    done = empty_postgres.run("shell", "--command", "from news.models import *; Category.objects.create(name='Nowa')")
    assert done.returncode == 0, done.stderr


def test_a_backup_made_while_people_sign_up_is_of_one_moment(place, empty_sqlite, tmp_path):
    fill()
    signup = make_signup(capacity=None)
    is_over, failures = threading.Event(), []

    def sign_up(number: int):
        try:
            while not is_over.is_set():
                make_registration(signup, "Anna Lipowa")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=sign_up, args=(number,)) for number in range(2)]
    for writer in writers:
        writer.start()
    try:
        path = place.backup(tmp_path / "backups")
    finally:
        is_over.set()
        for writer in writers:
            writer.join()
    assert failures == []
    counts = archive.verify(path).counts
    assert 0 < counts["registration.registration"] < Registration.objects.count(), "others wrote before and after it"
    assert counts["registration.registration"] + 3 == counts["registration.participant"], "three of them are couples"
    assert counts["outbox.message"] == counts["registration.registration"]
    empty_sqlite.restore(path)
    check = empty_sqlite.run("events_check")
    assert check.returncode == 0, check.stdout


# --- Nobody comes back ------------------------------------------------------------------------------------------------


def test_who_was_erased_since_does_not_come_back(place, empty_sqlite, tmp_path):
    fill()
    path = place.backup(tmp_path / "backups")
    person = Registration.objects.get(email="a1@poczta.example")
    erasure.erase(Registration.objects.filter(pk=person.pk), None)
    erasures.write()
    register = tmp_path / "kept-elsewhere.txt"
    shutil.copy(erasures.path(), register)
    assert register.read_text() == f"{person.uid}\n"
    done = empty_sqlite.restore(path, "--erasures", register)
    assert "1 registrations of erased people" in done.stdout
    with empty_sqlite.reading() as there:
        again = Registration.objects.using(there).get(uid=person.uid)
        assert (again.email, again.status) == ("", "cancelled")
        assert again.anonymised_at
        people = Participant.objects.using(there).filter(registration=again)
        assert {person.first_name for person in people} == {""}
        assert Registration.objects.using(there).exclude(email="").count() == 2
    assert (empty_sqlite.folder / "erasures.txt").read_text() == register.read_text(), "and stays in the register"


def test_whose_time_has_passed_since_does_not_come_back(place, empty_sqlite, tmp_path):
    fill()
    EventSession.objects.update(starts_at=in_days(-400), ends_at=in_days(-400) + timedelta(hours=2))
    empty_sqlite.restore(place.backup(tmp_path / "backups"))
    with empty_sqlite.reading() as there:
        assert not Registration.objects.using(there).exclude(email="").exists()
        assert Participant.objects.using(there).exclude(first_name="").exists(), "names are kept longer"


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good_backup(tmp_path_factory, django_db_setup, django_db_blocker):
    """Made once, of a place that is gone."""
    folder = tmp_path_factory.mktemp("backup")
    with django_db_blocker.unblock(), copied_database("backup") as name, using_database(name):
        place = Place(folder / "gone", database_url(name))
        with keeping_files_in(place.folder):
            fill()
        return place.backup(folder)


@pytest.fixture
def made(good_backup, tmp_path):
    """A copy of it, to be damaged."""
    return Path(shutil.copy(good_backup, tmp_path / good_backup.name))


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def rewrite(path: Path, parts: dict[str, bytes]):
    """A backup of these members, with checksums that fit."""
    parts = {**parts, "checksums.json": None}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items() if content is not None}
    parts["checksums.json"] = json.dumps(sums).encode()
    with tarfile.open(path, "w") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def cut(path: Path):
    os.truncate(path, path.stat().st_size * 2 // 3)


def cut_between_members(path: Path):
    with tarfile.open(path) as tar:
        last = tar.getmembers()[-1]
    os.truncate(path, last.offset)


def change_a_letter(path: Path, place: float = 0.5):
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * place))
        letter = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([letter[0] ^ 1]))


def change_a_letter_early(path: Path):
    change_a_letter(path, 0.1)


def change_a_letter_late(path: Path):
    change_a_letter(path, 0.9)


def empty(path: Path):
    path.write_bytes(b"")


def something_else(path: Path):
    path.write_bytes(os.urandom(20_000))


def another_format(path: Path):
    parts = members(path)
    parts["manifest.json"] = parts["manifest.json"].replace(b'"format": 1', b'"format": 7')
    rewrite(path, parts)


def fewer_rows(path: Path):
    parts = members(path)
    name = "rows/news.article.jsonl.gz"
    parts[name] = gzip.compress(b"")
    rewrite(path, parts)


def a_file_outside(path: Path):
    rewrite(path, {**members(path), "files/../../outside.txt": b"x"})


def a_newer_portal(path: Path):
    parts = members(path)
    manifest = json.loads(parts["manifest.json"])
    manifest["migrations"].append(["news", "9999_tomorrow"])
    rewrite(path, {**parts, "manifest.json": json.dumps(manifest).encode()})


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        cut_between_members,
        change_a_letter,
        change_a_letter_early,
        change_a_letter_late,
        empty,
        something_else,
        another_format,
        fewer_rows,
    ],
)
def test_a_damaged_backup_is_known_as_such(made, damage):
    archive.verify(made)
    damage(made)
    with pytest.raises(archive.Broken) as broken:
        archive.verify(made)
    assert made.name in str(broken.value)


@pytest.mark.once
@pytest.mark.parametrize("damage", [a_file_outside, a_newer_portal])
def test_of_a_bad_backup_nothing_is_restored_and_a_good_one_still_is(made, empty_sqlite, tmp_path, damage):
    good = shutil.copy(made, tmp_path / "good.tar")
    damage(made)
    done = empty_sqlite.run("restore", made)
    assert done.returncode == 1
    assert "Nothing was restored." in done.stderr and "Traceback" not in done.stderr
    assert empty_sqlite.files() == {}
    assert not (tmp_path / "outside.txt").exists()
    empty_sqlite.restore(good)


@pytest.mark.once
def test_nothing_is_restored_over_a_portal(made, place, empty_sqlite):
    make_office()
    over = place.run("restore", made)
    assert (over.returncode, "There is a portal in this database" in over.stderr) == (1, True)
    kept = empty_sqlite.folder / "private" / "photos" / "a.jpg"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"somebody's")
    beside = empty_sqlite.run("restore", made)
    assert (beside.returncode, "There are files in" in beside.stderr) == (1, True)
    assert kept.read_bytes() == b"somebody's"


@pytest.mark.once
def test_a_backup_of_an_older_version_is_brought_up_to_date(made, no_tables, empty_sqlite):
    """As made before counters.0002, which renamed a column."""
    parts = members(made)
    manifest = json.loads(parts["manifest.json"])
    manifest["migrations"] = [key for key in manifest["migrations"] if not (key[0] == "counters" and key[1] > "0001_z")]
    table = manifest["tables"]["counters.journalposition"]
    table["columns"] = ["host" if name == "journal" else name for name in table["columns"]]
    rewrite(made, {**parts, "manifest.json": json.dumps(manifest).encode()})
    newer = empty_sqlite.run("restore", made)
    assert (newer.returncode, "tables here are newer" in newer.stderr) == (1, True)
    no_tables.restore(made)
    with no_tables.reading() as there:
        assert JournalPosition.objects.using(there).get().journal == "j1"


def test_a_portal_of_the_first_release_is_brought_up_to_date(no_tables):
    """tests/releases/portal-0.1.0.tar was made by `backup` of version 0.1.0."""
    no_tables.restore(ROOT / "tests" / "releases" / "portal-0.1.0.tar")
    with no_tables.reading() as there:
        articles = dict(Article.objects.using(there).values_list("title", "status"))
        assert articles == {"Festyn w Jarzębinie": "published", "Szkic drugi": "draft", "Dawny": "archived"}
        registrations = Registration.objects.using(there).order_by("queue_no")
        assert [found.status for found in registrations] == ["confirmed", "confirmed", "waiting"]
        assert [found.people[0].name != "" for found in registrations] == [True] * 3
        assert EventSession.objects.using(there).get().institution.places_free == 2
        assert not MigrationExecutor(connections[there]).migration_plan(
            MigrationExecutor(connections[there]).loader.graph.leaf_nodes()
        )


@pytest.mark.once
@pytest.mark.parametrize("size", [100_000, 2_000_000], ids=["for the rows", "for the whole"])
def test_a_full_disk_leaves_no_half_a_backup(place, tmp_path, size):
    folder = tmp_path / "full"
    (place.folder / "private").mkdir(parents=True)
    (place.folder / "private" / "large.bin").write_bytes(os.urandom(3_000_000))
    done = place.run("backup", folder, preexec_fn=lambda: limit_files(size))
    assert done.returncode == 1
    assert "No backup was made." in done.stderr and "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []
    assert place.run("backup", folder).returncode == 0


def limit_files(size: int):
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# --- Encrypted, kept, noted -------------------------------------------------------------------------------------------


@pytest.mark.once
def test_an_encrypted_backup_is_read_by_its_owner_alone(place, empty_sqlite, tmp_path):
    if not shutil.which("openssl"):
        lacking("no openssl on PATH")
    for name in ("owner", "other"):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout",
             str(tmp_path / f"{name}.key"), "-out", str(tmp_path / f"{name}.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
    fill()
    path = place.backup(tmp_path / "backups", "--encrypt-to", tmp_path / "owner.pem")
    content = path.read_bytes()
    assert b"manifest.json" not in content and b"poczta.example" not in content
    without, wrong = (
        place.run("backup", path, "--verify"),
        place.run("backup", path, "--verify", "--key", tmp_path / "other.key"),
    )
    assert (without.returncode, "--key" in without.stderr) == (1, True)
    assert (wrong.returncode, "cannot decrypt" in wrong.stderr) == (1, True)
    assert place.run("backup", path, "--verify", "--key", tmp_path / "owner.key").returncode == 0
    empty_sqlite.restore(path, "--key", tmp_path / "owner.key")
    assert empty_sqlite.files() == place.files()


@pytest.mark.once
def test_a_certificate_that_is_none_is_named(place, tmp_path):
    make_office()
    (tmp_path / "none.pem").write_text("nothing")
    done = place.run("backup", tmp_path / "backups", "--encrypt-to", tmp_path / "none.pem")
    assert (done.returncode, "none.pem" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.once
def test_only_the_newest_are_kept_and_the_last_success_is_noted(place, tmp_path):
    make_office()
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(1, 5):
        (folder / f"portal-2026010{day}-000000.tar").write_text("")
    (folder / "notes.txt").write_text("mine")
    assert archive.last_success() is None
    newest = place.backup(folder, "--keep", 2)
    assert {path.name for path in folder.iterdir()} == {newest.name, "portal-20260104-000000.tar", "notes.txt"}
    assert timezone.now() - archive.last_success() < timedelta(minutes=1)


@pytest.mark.once
def test_no_secret_and_no_session_is_in_it(made):
    text = json.dumps({name: content.decode("latin-1") for name, content in members(made).items()})
    assert settings.SECRET_KEY not in text
    assert "sessions.session" not in json.loads(members(made)["manifest.json"])["tables"]


def test_the_register_of_erasures_holds_only_random_numbers_and_forgets_none(place):
    fill()
    person = Registration.objects.get(email="a1@poczta.example")
    erasures.path().parent.mkdir(parents=True, exist_ok=True)
    erasures.path().write_text("11111111-1111-4111-8111-111111111111\n")
    erasure.erase(Registration.objects.filter(pk=person.pk), None)
    assert erasures.write() == "1 new"
    assert erasures.write() == "0 new"
    assert erasures.path().read_text().split() == sorted(["11111111-1111-4111-8111-111111111111", str(person.uid)])


# --- Upgrade ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def older(empty_sqlite):
    """A portal as it was before counters.0002."""
    assert empty_sqlite.run("migrate", "counters", "0001").returncode == 0
    with closing(sqlite3.connect(empty_sqlite.url.removeprefix("sqlite:///"))) as database:
        database.execute(
            "INSERT INTO counters_journalposition (host, file_name, \"offset\") VALUES ('old', 'x.log', 5)"
        )
        database.commit()
    return empty_sqlite


def columns(place: Place) -> set[str]:
    with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"))) as database:
        return {row[1] for row in database.execute("PRAGMA table_info(counters_journalposition)")}


@pytest.mark.once
def test_an_upgrade_keeps_a_backup_of_the_old_tables_and_brings_them_up_to_date(older, tmp_path):
    done = older.run("upgrade", tmp_path / "backups")
    assert done.returncode == 0, done.stderr
    assert "journal" in columns(older)
    (kept,) = (tmp_path / "backups").iterdir()
    assert "host" in archive.verify(kept).manifest["tables"]["counters.journalposition"]["columns"]


@pytest.mark.once
def test_an_upgrade_that_fails_leaves_the_old_tables(older, tmp_path):
    with closing(sqlite3.connect(older.url.removeprefix("sqlite:///"))) as somebody:
        somebody.execute("BEGIN IMMEDIATE")  # writes, and does not end
        done = older.run("upgrade", tmp_path / "backups")
    assert done.returncode == 1
    assert "database is locked" in done.stderr and "as it was" in done.stderr and "Traceback" not in done.stderr
    assert "host" in columns(older)
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert older.run("upgrade", tmp_path / "backups").returncode == 0


@pytest.mark.once
def test_without_a_backup_nothing_is_changed(older, tmp_path):
    (tmp_path / "no-folder").write_text("")
    done = older.run("upgrade", tmp_path / "no-folder")
    assert (done.returncode, "nothing was changed" in done.stderr) == (1, True)
    assert "host" in columns(older)
