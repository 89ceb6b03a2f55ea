"""A page is made anew when something has changed, and only then."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Article
from portal.changes import unchanged
from portal.changes.models import LastChange
from portal.changes.noticing import changes_pages
from tests.make import make_article, make_office, make_user

SETTLED = timedelta(seconds=10)  # after it, what pages are made of is no longer an older copy


@pytest.fixture
def now(time_machine, monkeypatch):
    """The clock, to be moved; each question is asked of the database again."""
    monkeypatch.setattr(unchanged, "SECONDS_KNOWN", -1)
    monkeypatch.setattr(unchanged, "_started", 0)
    time_machine.move_to("2026-11-28 10:00:00+01:00", tick=False)
    return time_machine


def last_change():
    return LastChange.objects.get().at


# --- What counts as a change ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ('INSERT INTO "news_article" ("title") VALUES (%s)', True),
        ('INSERT OR IGNORE INTO "news_article_institutions" VALUES (%s)', True),
        ('UPDATE "registration_registration" SET "status" = %s', True),
        ('update "registration_signup" set capacity = 3', True),
        ('DELETE FROM "institutions_officephone" WHERE "id" IN (%s)', True),
        ("WITH gone AS (SELECT 1) DELETE FROM news_article USING gone", True),
        ("COPY news_article FROM STDIN", True),
        ("TRUNCATE news_article", True),
        ('UPDATE "a_table_of_tomorrow" SET x = 1', True),
        ('SELECT "news_article"."id" FROM "news_article" FOR UPDATE', False),
        ("(SELECT 1) UNION (SELECT 2)", False),
        ('SAVEPOINT "s1"', False),
        ("PRAGMA foreign_keys = ON", False),
        ('UPDATE "counters_viewtotal" SET "views" = 3', False),
        ('INSERT INTO "registration_participant" VALUES (1)', False),
        ('DELETE FROM "django_session" WHERE 1', False),
        ('UPDATE "changes_lastchange" SET "at" = %s', False),
    ],
)
def test_which_statements_change_pages(sql, expected):
    assert changes_pages(sql) is expected


def test_a_change_counts_when_it_is_committed_whatever_made_it(transactional_db, now):
    article = make_article()
    before = last_change()
    for number, change in enumerate(
        [
            lambda: Article.objects.filter(pk=article.pk).update(title="Inny"),
            lambda: Article.objects.bulk_create([Article(title="A", slug="a", category=article.category, body="x")]),
            lambda: connection.cursor().execute("UPDATE news_article SET lead = 'Krótko'"),
            article.delete,
        ],
        start=1,
    ):
        now.shift(timedelta(minutes=1))
        with transaction.atomic():
            change()
            assert last_change() == before + timedelta(minutes=number - 1)
        assert last_change() == before + timedelta(minutes=number)


def test_what_was_rolled_back_or_nobody_sees_is_no_change(transactional_db, now):
    article, before = make_article(), last_change()
    now.shift(timedelta(minutes=1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Article.objects.update(title="Inny")
        raise ZeroDivisionError
    Client().force_login(make_user())  # a session, and when somebody signed in last
    assert (last_change(), article.title) == (before, Article.objects.get().title)


# --- Whether a page would be the same ---------------------------------------------------------------------------------


def is_same(made_at) -> bool:
    return unchanged.is_unchanged_since(made_at.timestamp(), "/aktualnosci/")


def test_a_page_stays_the_same_until_something_changes(transactional_db, now):
    make_article()
    now.shift(SETTLED)
    made_at = timezone.now()
    assert is_same(made_at)
    now.shift(timedelta(seconds=20))
    assert is_same(made_at)
    Article.objects.update(title="Inny")
    assert not is_same(made_at)


def test_a_page_made_right_after_a_change_may_be_of_older_pieces(transactional_db, now):
    make_article()
    now.shift(timedelta(seconds=1))
    assert not is_same(timezone.now())


def test_a_page_does_not_outlive_its_number_of_views(transactional_db, now, settings):
    make_article()
    now.shift(SETTLED)
    made_at = timezone.now()
    now.shift(timedelta(seconds=settings.PAGE_UNCHANGED_SECONDS + 1))
    assert not is_same(made_at)


def test_pages_made_in_one_moment_are_not_all_made_anew_in_another(settings):
    ages = [unchanged.longest_age(f"/aktualnosci/artykul-{number}/") for number in range(1000)]
    assert ages == [unchanged.longest_age(f"/aktualnosci/artykul-{number}/") for number in range(1000)]
    assert 0.7 * settings.PAGE_UNCHANGED_SECONDS < min(ages) < max(ages) <= settings.PAGE_UNCHANGED_SECONDS
    busiest_second = max(sum(second <= age < second + 1 for age in ages) for second in range(46))
    assert busiest_second < 150


@pytest.mark.parametrize("field", ["publish_at", "expire_at"])
def test_what_appears_or_ends_by_itself_is_a_change(transactional_db, now, field):
    moment = timezone.now() + timedelta(seconds=30)
    make_article(**{field: moment})
    make_article(**{field: moment + timedelta(seconds=20)})
    now.shift(SETTLED)
    made_at = timezone.now()
    assert is_same(made_at)
    now.shift(timedelta(seconds=21))
    assert not is_same(made_at)
    assert last_change() == moment
    now.shift(timedelta(seconds=9))
    made_at = timezone.now()
    assert is_same(made_at)  # after the first, before the second
    now.shift(timedelta(seconds=11))
    assert not is_same(made_at)


def test_without_a_database_nothing_is_known(transactional_db, now):
    make_article()
    now.shift(SETTLED)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE changes_lastchange")
    try:
        assert not is_same(timezone.now())
    finally:
        with connection.schema_editor() as editor:
            editor.create_model(LastChange)


def test_the_page_cache_keeps_a_page_until_something_changes(transactional_db, now, settings):
    settings.PAGE_CACHE_SECONDS = 5
    make_office()
    article = make_article(title="Przed zmianą")
    visitor, address = Client(), article.get_absolute_url()
    now.shift(SETTLED)
    assert is_same(timezone.now())  # the next publication has been looked up
    first = visitor.get(address)
    now.shift(SETTLED)
    with CaptureQueriesContext(connection) as captured:
        again = visitor.get(address)
    assert again.content == first.content
    assert ["changes_lastchange" in query["sql"] for query in captured] == [True]
    Article.objects.update(title="Po zmianie")
    assert "Po zmianie" in visitor.get(address).content.decode()
