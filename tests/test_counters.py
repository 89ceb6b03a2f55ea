"""Views: every reader is counted exactly once, and nobody else is."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from portal.content.tick import lease
from portal.counters import journal
from portal.counters.fold import fold_journal
from portal.counters.models import JournalPosition, ViewDay, ViewTotal, set_start_value, with_views
from tests.make import make_article, make_event, make_institution, make_notice, make_office, make_page, make_user

ROOT = Path(__file__).resolve().parents[1]
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def empty_journal(settings, tmp_path, monkeypatch):
    settings.VIEW_JOURNAL_DIR = tmp_path
    monkeypatch.setattr(journal, "_open_file", None)


@pytest.fixture
def reader():
    return Client(headers={"user-agent": READER})


def views_of(thing) -> int:
    return with_views(type(thing).objects.filter(pk=thing.pk)).get().views


def journal_file(day: str = "") -> Path:
    return settings.VIEW_JOURNAL_DIR / journal.file_name(day or f"{datetime.now(UTC):%Y-%m-%d}")


def line(thing, *, at: str = "", status=200, method="GET", purpose="", session=0, agent=READER) -> str:
    at = at or datetime.now(UTC).isoformat(timespec="seconds")
    return f"{at}\t{thing._meta.label_lower}:{thing.pk}\t{status}\t{method}\t{purpose}\t{session}\t{agent}\n"


# --- What is counted --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_article, make_notice, make_institution, make_event, make_page])
def test_a_reader_of_anything_is_counted(make, db, reader):
    make_office()
    thing = make()
    for _visit in range(3):
        assert reader.get(thing.get_absolute_url()).status_code == 200
    fold_journal()
    assert views_of(thing) == 3


def test_the_reader_does_not_see_the_mark(db, reader):
    assert journal.HEADER not in reader.get(make_article().get_absolute_url())


def test_a_page_from_the_page_cache_is_counted_too(db, reader, settings, django_assert_num_queries):
    settings.PAGE_CACHE_SECONDS = 60
    make_office()
    article = make_article()
    reader.get(article.get_absolute_url())
    with django_assert_num_queries(0):
        reader.get(article.get_absolute_url())
    fold_journal()
    assert views_of(article) == 2


def test_a_page_that_did_not_change_since_the_last_visit_is_counted(db, reader):
    article = make_article()
    tag = reader.get(article.get_absolute_url())["ETag"]
    assert reader.get(article.get_absolute_url(), headers={"if-none-match": tag}).status_code == 304
    fold_journal()
    assert views_of(article) == 2


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "python-requests/2.32",
        "GPTBot/1.2",
        "Mozilla/5.0 HeadlessChrome/140.0",
        "UptimeRobot/2.0",
        "",
    ],
)
def test_a_robot_is_not_counted(agent, db):
    article = make_article()
    assert Client(headers={"user-agent": agent}).get(article.get_absolute_url()).status_code == 200
    fold_journal()
    assert views_of(article) == 0


def test_staff_are_not_counted(db, reader):
    article = make_article()
    reader.force_login(make_user())
    reader.get(article.get_absolute_url())
    fold_journal()
    assert views_of(article) == 0


def test_the_preview_of_a_draft_is_not_counted(db, reader):
    article = make_article(status="draft")
    reader.force_login(make_user(is_superuser=True))
    assert reader.get(article.get_absolute_url()).status_code == 200
    assert not journal_file().exists()


@pytest.mark.parametrize("purpose", [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}])
def test_a_page_fetched_ahead_is_not_counted(purpose, db, reader):
    article = make_article()
    reader.get(article.get_absolute_url(), headers=purpose)
    fold_journal()
    assert views_of(article) == 0


def test_asking_for_the_head_only_is_not_counted(db, reader):
    article = make_article()
    reader.head(article.get_absolute_url())
    fold_journal()
    assert views_of(article) == 0


@pytest.mark.parametrize("address", ["/aktualnosci/nie-ma-takiego/", "/aktualnosci/", "/"])
def test_lists_and_missing_pages_leave_no_line(address, db, reader):
    make_article()
    reader.get(address)
    assert not journal_file().exists()


def test_the_print_view_is_no_second_view(db, reader):
    article = make_article()
    reader.get(f"{article.get_absolute_url()}drukuj/")
    fold_journal()
    assert views_of(article) == 0


def test_no_address_of_a_reader_is_stored(db):
    client = Client(headers={"user-agent": READER}, REMOTE_ADDR="203.0.113.77")
    client.get(make_article().get_absolute_url(), headers={"x-forwarded-for": "203.0.113.78"})
    assert "203.0.113" not in journal_file().read_text()


def test_a_name_of_a_browser_cannot_forge_a_line(db):
    article, other = make_article(), make_article()
    forged = f"{READER}\t\n" + line(other)
    Client(headers={"user-agent": forged}).get(article.get_absolute_url())
    fold_journal()
    assert (views_of(article), views_of(other)) == (1, 0)


def test_a_full_disk_does_not_take_the_page_away(db, reader, monkeypatch):
    def no_space(*_args):
        raise OSError("no space left on device")

    article = make_article()
    monkeypatch.setattr(os, "write", no_space)
    assert reader.get(article.get_absolute_url()).status_code == 200


# --- The fold ---------------------------------------------------------------------------------------------------------


def test_folding_twice_counts_once(db, reader):
    article = make_article()
    reader.get(article.get_absolute_url())
    fold_journal()
    fold_journal()
    assert views_of(article) == 1


def test_a_line_still_being_written_waits_for_the_next_fold(db):
    article = make_article()
    whole = line(article)
    journal_file().write_text(whole + whole[:40])
    fold_journal()
    assert views_of(article) == 1
    with open(journal_file(), "a") as file:
        file.write(whole[40:])
    fold_journal()
    assert views_of(article) == 2


def test_a_damaged_line_is_passed_over(db):
    article = make_article()
    broken = ["nonsense\n", "\n", "a\tb\tc\td\te\tf\tg\n", line(article).replace("news.article", "no.model"), "\xff\n"]
    journal_file().write_text("".join(broken) + line(article))
    fold_journal()
    assert views_of(article) == 1


def test_views_are_kept_by_the_day_in_warsaw(db):
    article = make_article()
    half_past_midnight_in_warsaw = line(article, at="2026-01-31T23:30:00+00:00")
    journal_file().write_text(line(article, at="2026-01-31T12:00:00+00:00") + half_past_midnight_in_warsaw)
    fold_journal()
    assert [f"{row.day}: {row.views}" for row in ViewDay.objects.order_by("day")] == ["2026-01-31: 1", "2026-02-01: 1"]


def test_a_file_of_past_days_goes_once_it_is_counted(db):
    article = make_article()
    long_ago = f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%d}"
    journal_file(long_ago).write_text(line(article, at=f"{long_ago}T10:00:00+00:00"))
    journal_file().write_text(line(article))
    fold_journal()
    assert views_of(article) == 2
    assert not journal_file(long_ago).exists()
    assert journal_file().exists()
    assert not JournalPosition.objects.filter(file_name=journal.file_name(long_ago)).exists()


def test_a_start_value_is_part_of_the_total_and_can_be_corrected(db, reader):
    article = make_article()
    set_start_value(article, 400)
    reader.get(article.get_absolute_url())
    fold_journal()
    assert views_of(article) == 401
    set_start_value(article, 100)
    assert views_of(article) == 101


def test_saving_an_article_does_not_touch_its_views(db, reader):
    article = make_article()
    old = type(article).objects.get(pk=article.pk)
    reader.get(article.get_absolute_url())
    fold_journal()
    old.save()
    assert views_of(article) == 1


# --- Several processes ------------------------------------------------------------------------------------------------

FOLD = """
import os, django
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
settings.DATABASES["default"]["NAME"] = os.environ["TEST_NAME"]
settings.VIEW_JOURNAL_DIR = Path(os.environ["TEST_JOURNAL"])
django.setup()
from portal.counters.fold import fold_journal
fold_journal()
"""
WRITE = """
import os, django
from pathlib import Path
from django.conf import settings
settings.VIEW_JOURNAL_DIR = Path(os.environ["TEST_JOURNAL"])
django.setup()
from portal.content.tick import lease
from portal.counters import journal
for number in range(2000):
    browser = "Mozilla/5.0 Firefox/140.0 " + "x" * (number % 200)
    journal.append("news.article:%s" % os.environ["TEST_ARTICLE"], 200, "GET", "", False, browser)
"""


def start(program: str, **environment):
    own = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "TEST_JOURNAL": str(settings.VIEW_JOURNAL_DIR)}
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env={**own, **environment})


def test_several_servers_write_whole_lines_and_two_folds_at_once_count_each_once(own_database):
    article = make_article()
    writers = [start(WRITE, TEST_ARTICLE=str(article.pk)) for _process in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    folds = [start(FOLD, TEST_NAME=str(connection.settings_dict["NAME"])) for _process in range(2)]
    assert [fold.wait(60) for fold in folds] == [0, 0]
    assert views_of(article) == 4000
    assert ViewTotal.objects.count() == ViewDay.objects.count() == 1


def test_a_fold_that_is_killed_counts_nothing_twice(own_database, monkeypatch):
    article = make_article()
    journal_file().write_text(line(article) * 10)

    def dies(queryset, **_values):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(QuerySet, "update", dies)  # after the numbers were added, before the position is kept
        fold_journal()
    assert views_of(article) == 0
    fold_journal()
    assert views_of(article) == 10


def test_a_journal_whose_machine_is_renamed_is_counted_from_where_the_count_stopped(db, monkeypatch):
    article = make_article()
    journal_file().write_text(line(article))
    fold_journal()
    monkeypatch.setattr(socket, "gethostname", lambda: "another-machine")
    with open(journal_file(), "a") as file:
        file.write(line(article))
    fold_journal()
    assert views_of(article) == 2


def test_the_journals_of_two_hosts_are_counted_apart(db, settings, tmp_path):
    article = make_article()
    for host in ("one", "other"):
        settings.VIEW_JOURNAL_DIR = tmp_path / host
        settings.VIEW_JOURNAL_DIR.mkdir()
        journal_file().write_text(line(article) * 3)
    for host in ("one", "other", "one", "other"):
        settings.VIEW_JOURNAL_DIR = tmp_path / host
        fold_journal()
    assert views_of(article) == 6
    assert JournalPosition.objects.count() == 2


def test_a_file_that_somebody_emptied_is_counted_anew(db):
    article = make_article()
    journal_file().write_text(line(article) * 3)
    fold_journal()
    journal_file().write_text(line(article))
    fold_journal()
    assert views_of(article) == 4


def test_a_file_of_yesterday_stays_whoever_wrote_it(db):
    article = make_article()
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
    files = [journal_file(yesterday), journal_file(yesterday).with_name(f"views-{yesterday}-nginx.log")]
    for file in files:
        file.write_text(line(article))
    fold_journal()
    assert views_of(article) == 2
    assert all(file.exists() for file in files)


def test_nothing_else_in_the_folder_is_taken_for_a_journal(db):
    article = make_article()
    strange = journal_file().with_name("views-of-the-town.log")
    strange.write_text(line(article))
    fold_journal()
    assert views_of(article) == 0
    assert strange.exists()


def test_a_thousand_things_take_few_queries(db, django_assert_max_num_queries):
    article = make_article()
    one_line = line(article)  # a time has colons, too
    lines = "".join(one_line.replace(f"article:{article.pk}", f"article:{number}") for number in range(1, 1001))
    for _again in range(2):
        journal_file().write_text(lines)
        with django_assert_max_num_queries(25):
            fold_journal()
        JournalPosition.objects.all().delete()
    assert set(ViewTotal.objects.values_list("total", flat=True)) == {2}
    assert set(ViewDay.objects.values_list("views", flat=True)) == {2}
    assert ViewTotal.objects.count() == 1000


TICK = FOLD.replace("from portal.counters.fold import fold_journal\nfold_journal()", "call_command('tick')")


def test_a_tick_of_another_host_keeps_none_from_counting(own_database, reader):
    article = make_article()
    reader.get(article.get_absolute_url())
    with lease() as taken:
        assert taken
        tick = start(TICK, TEST_NAME=str(connection.settings_dict["NAME"]), VAR_DIR=str(settings.VAR_DIR))
        assert tick.wait(60) == 0
    assert views_of(article) == 1


def test_the_day_of_a_view_is_today(db, reader):
    reader.get(make_article().get_absolute_url())
    fold_journal()
    assert ViewDay.objects.get().day == timezone.localdate()
