"""The tests' fixtures. `python3 run.py test` runs everything; its options are pytest's:

    python3 run.py test tests/test_visibility.py        one concern
    python3 run.py test -k draft -x                     by name, until the first failure
    python3 run.py test -m "not browser" -n 2           without Chromium, in two processes
    TEST_DATABASE_URL=postgres://user@host/portal python3 run.py test        the same on PostgreSQL

A test that writes takes `db` (rolled back), `own_database` (committed, thrown away) or `live_server` (which takes
`own_database`); one that reads the demo county takes `demo`, and `demo_server` for its address. A missing tool is a
skip with a reason, or a failure when PORTAL_REQUIRE=1.
"""

import gc
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from django.test import Client
from django.test.utils import override_settings, setup_databases, teardown_databases

# Playwright runs an event loop in the thread of the tests, where Django would then refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = """
    --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update
    --disable-sync
""".split()


def lacking(reason: str):
    """Skip for want of a tool; where everything must be there (.ci/run), fail."""
    if os.environ.get("PORTAL_REQUIRE") == "1":
        pytest.fail(f"PORTAL_REQUIRE=1, but: {reason}", pytrace=False)
    pytest.skip(reason)


def pytest_collection_modifyitems(config, items):
    if os.environ.get("TEST_DATABASE_URL"):
        said_elsewhere = [
            item for item in items if item.get_closest_marker("once") or item.get_closest_marker("browser")
        ]
        if len(said_elsewhere) < len(items):  # somebody who asks for them alone gets them
            config.hook.pytest_deselected(items=said_elsewhere)
            items[:] = [item for item in items if item not in set(said_elsewhere)]
    for item in items:
        marker = item.get_closest_marker("django_db")
        takes_own = {"transactional_db", "live_server", "own_database"} & set(item.fixturenames)
        if marker and (marker.kwargs.get("transaction") or takes_own):
            # It empties the tables afterwards, also those that migrations filled.
            raise pytest.UsageError(f"{item.nodeid}: take own_database alone, without the mark django_db")


def pytest_collection_finish():
    """Everything imported by now stays: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_runtest_setup(item):
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("holds only on PostgreSQL: set TEST_DATABASE_URL")


def pytest_unconfigure():
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def fresh_caches():
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def tick_runs():
    """As on a server, where it does."""
    from portal.content.tick import note_round

    note_round()


@pytest.fixture(scope="session", autouse=True)
def signed_in_clients_gave_their_code():
    """`client.force_login(user)` stands for the whole log-in; the log-in itself is tested in test_second_factor.py."""
    from portal.accounts import scripted

    def force_login(client, user, backend=None):
        only_password(client, user, backend)
        scripted.give_code(client, user)

    only_password = Client.force_login
    Client.force_login = force_login
    yield
    Client.force_login = only_password


def as_on_a_server():
    """As in production menu and footer are kept between requests; only the page itself is made anew each time."""
    return override_settings(FURNITURE_CACHE_SECONDS=3600)


@contextmanager
def keeping_files_in(folder: Path):
    """Let uploads and their public copies go below `folder`."""
    private = {**settings.STORAGES["default"], "OPTIONS": {"location": folder / "private"}}
    places = {"FILES_DIR": folder, "PRIVATE_ROOT": folder / "private", "MEDIA_ROOT": folder / "public"}
    with override_settings(**places, STORAGES={**settings.STORAGES, "default": private}):
        yield


# --- Databases --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Made also when no test names `db`: the other databases are copies of this one."""
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


def database_url(name: str) -> str:
    """DATABASE_URL for another process that shall use the database `name`, which own_database gives."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{name}"
    who = f"{database['USER']}:{database['PASSWORD']}@" if database["USER"] else ""
    return f"postgres://{who}{database['HOST']}:{database['PORT']}/{name}"


@contextmanager
def copied_database(suffix: str):
    """A copy of the current database; yields its name and removes it afterwards."""
    connection.close()
    name = connection.creation.get_test_db_clone_settings(suffix)["NAME"]
    forget_journal(name)
    connection.creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
    try:
        yield name
    finally:
        connection.creation._destroy_test_db(name, verbosity=0)


def forget_journal(name: str):
    """What a late request of the test before has left beside SQLite's file would come to life in the new one."""
    if connection.vendor == "sqlite":
        for suffix in ("-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)


@contextmanager
def using_database(name: str, **server):
    """Let this and all new connections of the process go to the database `name`, also of another server."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(NAME=name, **server)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A migrated database for this test alone; what is written is committed, so that threads and processes see it."""
    with django_db_blocker.unblock(), copied_database("own") as name, using_database(name):
        yield name


@pytest.fixture
def transactional_db(own_database):
    """What `live_server` asks for."""


@pytest.fixture(scope="session")
def demo_database(django_db_setup, django_db_blocker):
    """The name of a database with the demo county, loaded once."""
    from portal.pages.demo.loading import load

    with django_db_blocker.unblock(), copied_database("demo") as name:
        with using_database(name):
            load(progress=lambda step: None)
        yield name


@pytest.fixture
def in_demo(demo_database, django_db_blocker):
    with django_db_blocker.unblock(), using_database(demo_database), as_on_a_server():
        yield


@pytest.fixture
def demo(in_demo, request):
    """The demo county; what the test writes is rolled back."""
    request.getfixturevalue("db")


@pytest.fixture
def demo_server(demo, request):
    """The address of a server of the demo county, for reading."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


# --- Chromium ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("playwright is not installed")
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not executable:
        lacking("no Chromium on PATH: install Debian's chromium or set CHROMIUM")
    connections.close_all()  # inside Playwright's event loop Django opens other ones
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def page_problems():
    """What the page of this test reported; it must be empty in the end. A test that provokes an error clears it."""
    return []


@pytest.fixture
def page(browser, page_problems, request):
    """A page, 1280×900; `@pytest.mark.parametrize("page", [(360, 740)], indirect=True)` for another size."""
    width, height = getattr(request, "param", (1280, 900))
    context = browser.new_context(
        locale="pl-PL", timezone_id="Europe/Warsaw", viewport={"width": width, "height": height}
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: page_problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page_problems.append(str(error)))
    page.on("request", lambda made: page_problems.append(made.url) if is_foreign(made.url) else None)
    yield page
    context.close()
    assert not page_problems


def is_foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("localhost", "127.0.0.1")
