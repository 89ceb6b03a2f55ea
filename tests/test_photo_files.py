"""The files of a photo may be seen exactly as long as the photo may."""

import os
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.content import photo_files
from portal.content.publishing import Status
from tests.make import make_article, make_photo, make_user

pytestmark = pytest.mark.django_db


def test_a_variant_of_a_published_photo_is_served_and_put_on_the_public_path(client):
    photo = make_photo(make_article())
    answer = client.get(photo.small_url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert (photo_files.public_folder(photo.key) / photo.small_url.rsplit("/", 1)[1]).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.DRAFT},
        {"status": Status.REVIEW},
        {"publish_at": timezone.now() + timedelta(days=2)},
        {"expire_at": timezone.now() - timedelta(minutes=1)},
    ],
    ids=["draft", "review", "scheduled", "expired"],
)
def test_the_file_of_an_article_that_is_not_visible_answers_404(client, change):
    photo = make_photo(make_article(**change))
    assert client.get(photo.small_url).status_code == 404


@pytest.mark.parametrize(
    "change", [{"consent_basis": ""}, {"consent_expires_on": timezone.localdate() - timedelta(days=1)}, {"alt": ""}]
)
def test_the_file_of_a_photo_that_may_not_be_shown_answers_404(client, change):
    assert client.get(make_photo(make_article(), **change).small_url).status_code == 404


def test_staff_see_the_photos_of_a_draft(client):
    photo = make_photo(make_article(status=Status.DRAFT))
    client.force_login(make_user("Redaktor"))
    answer = client.get(photo.small_url)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


def test_the_master_and_names_that_are_no_variants_have_no_address(client):
    photo = make_photo(make_article())
    for name in ("master.jpg", "481.jpg", "../../secret_key", "480.svg"):
        assert client.get(f"/media/photos/{photo.key}/{name}").status_code == 404


def test_when_visibility_ends_the_sweep_takes_the_files_off_the_public_path(client):
    article = make_article()
    photo, kept = make_photo(article), make_photo(make_article(title="inny"))
    for shown in (photo, kept):
        assert client.get(shown.small_url).status_code == 200
    article.status = Status.DRAFT
    article.save()
    photo_files.sweep()
    assert client.get(photo.small_url).status_code == 404
    assert not photo_files.public_folder(photo.key).exists()
    assert photo_files.public_folder(kept.key).exists()


def test_files_without_a_photo_are_forgotten_after_a_day():
    article = make_article()
    photo = make_photo(article)
    photo.delete()
    photo_files.sweep()
    assert photo_files.private_folder(photo.key).exists()  # the row of an upload may come a moment after its files
    two_days_ago = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(photo_files.private_folder(photo.key), (two_days_ago, two_days_ago))
    photo_files.sweep()
    assert not photo_files.private_folder(photo.key).exists()


def test_a_copied_photo_outlives_its_source(client):
    source = make_photo(make_article(title="źródło"))
    copied = type(source).add_copy(make_article(title="kopia"), source, alt="Kopia", consent_basis="no_people")
    photo_files.shutil.rmtree(photo_files.private_folder(source.key))
    assert client.get(copied.small_url).status_code == 200


def test_a_photo_without_description_waits_unseen_and_the_database_knows_no_third_way():
    photo = make_photo(make_article(), alt="")
    assert photo.awaits_description
    assert not type(photo).objects.shown().exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(photo).objects.update(awaits_description=False)
    photo.is_decorative = True
    photo.save()
    assert type(photo).objects.shown().get() == photo
