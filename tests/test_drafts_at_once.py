"""A save and an autosave of the same form in the same moment, on two connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from uuid import uuid4

import pytest
from django.db import connection, transaction

from news.models import Article
from portal.editing import drafts
from tests.make import make_user


def test_a_save_on_its_way_to_disk_outruns_an_autosave(own_database):
    """Two connections: the row is finished and not yet committed when the other one writes."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    editor, uid = make_user(groups=["Wydawca"]), uuid4()
    drafts.keep(editor, uid, Article, None, "Pisany", {})
    has_finished, may_commit = Event(), Event()

    def save():
        with transaction.atomic():
            drafts.finish(editor, uid, Article)
            has_finished.set()
            may_commit.wait(10)
        connection.close()

    def autosave_late():
        try:
            drafts.keep(editor, uid, Article, None, "Spóźniony", {})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        saving = pool.submit(save)
        assert has_finished.wait(10)
        late = pool.submit(autosave_late)
        sleep(0.3)  # it waits for the row's lock meanwhile
        assert not late.done()
        may_commit.set()
        saving.result(10)
        with pytest.raises(drafts.Finished):
            late.result(10)
    assert not drafts.of_author(editor).exists()
