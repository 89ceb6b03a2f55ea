"""Files named by an unsaved text, a proposed version or the history are not swept; those that nothing names are."""

import os
import time

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.content import photo_files, photo_storing
from portal.editing import history, kept_files, proposals
from portal.editing.models import Draft
from tests.make import jpeg, make_article, make_photo, make_user

pytestmark = pytest.mark.django_db
TWO_DAYS = 2 * 24 * 60 * 60


def stored(is_old: bool = True):
    """A photo that was sent and belongs to nothing yet."""
    photo = photo_storing.store(jpeg(), "zdjecie.jpg")
    if is_old:
        make_old(photo.key)
    return photo


def make_old(key: str):
    moment = time.time() - TWO_DAYS
    os.utime(photo_files.private_folder(key), (moment, moment))


def is_kept(key: str) -> bool:
    photo_files.sweep()
    return photo_files.private_folder(key).is_dir()


def test_what_nothing_names_is_swept_after_a_day():
    assert not is_kept(stored().key)
    assert is_kept(stored(is_old=False).key)


def test_a_photo_in_an_unsaved_text_stays():
    photo, author = stored(), make_user()
    draft = Draft.objects.create(
        author=author, content_type_id=1, data={"photos-0-stored": [photo.token()]}, saved_at=timezone.now()
    )
    assert is_kept(photo.key)
    draft.delete()
    make_old(photo.key)
    assert not is_kept(photo.key)


def test_a_photo_in_a_proposed_version_stays():
    photo = stored()
    proposals.send(make_article(), make_user(), {"photos-0-stored": [photo.token()]})
    assert is_kept(photo.key)


def test_a_photo_of_an_old_version_stays_and_comes_back(client):
    article = make_article()
    photo = make_photo(article)
    history.add_version(article, None)
    photo.delete()
    make_old(photo.key)
    assert is_kept(photo.key)
    client.force_login(make_user(groups=["Wydawca"]))
    version = history.versions_of(type(article), article.pk).get()
    client.post(reverse("admin:news_article_restore", args=[article.pk, version.pk]))
    assert article.photos.get().key == photo.key


def test_a_file_found_in_the_history_is_not_looked_for_again_the_same_day(django_assert_num_queries):
    article = make_article()
    photo = make_photo(article)
    history.add_version(article, None)
    photo.delete()
    make_old(photo.key)
    photo_files.sweep()
    assert time.time() - photo_files.private_folder(photo.key).stat().st_mtime < 60


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "%%%:x:y", ":" * 50, "ż:ó:ł", "A" * 10_000 + ":b:c"])
def test_words_that_are_no_token_name_nothing(value):
    assert kept_files.keys_in(value) == set()
