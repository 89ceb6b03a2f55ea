"""AVIF variants are made later, by tick, and offered first once they are there."""

import shutil

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from news.models import ArticlePhoto
from portal.content import avif, photo_files, pictures, tick
from portal.content.publishing import Status
from tests.make import make_article, make_event, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.once]
needs_avif = pytest.mark.skipif(not pictures.HAS_AVIF, reason="this Pillow makes no AVIF")


@needs_avif
def test_the_page_offers_avif_first_once_tick_has_made_it():
    article = make_article()
    photo = make_photo(article, size=(1200, 800))
    assert "image/avif" not in Client().get(article.get_absolute_url()).content.decode()
    assert avif.make_some() == "1 made"
    page = Client().get(article.get_absolute_url()).content.decode()
    assert page.index("image/avif") < page.index("image/webp") < page.index(f"{photo.key}/960.jpg")
    for width in photo.widths:
        answer = Client().get(photo.url(width, "avif"))
        assert answer.status_code == 200 and answer["Content-Type"] == "image/avif"
        with Image.open(photo_files.private_folder(photo.key) / f"{width}.avif") as image:
            assert image.format == "AVIF" and image.size == (width, width * 2 // 3)
            assert not image.getexif()


@needs_avif
def test_only_what_the_public_sees_costs_the_time():
    make_photo(make_article(status=Status.DRAFT))
    make_photo(make_article(), consent_basis="")
    seen = make_photo(make_event())
    assert avif.make_some() == "1 made"
    seen.refresh_from_db()
    assert seen.has_avif and not ArticlePhoto.objects.filter(has_avif=True).exists()
    assert avif.make_some() == "0 made"


@needs_avif
def test_a_run_ends_when_its_time_is_over_and_the_next_goes_on():
    article = make_article()
    for _number in range(3):
        make_photo(article)
    assert avif.make_some(seconds=-1) == "0 made"
    avif.make_some()
    assert ArticlePhoto.objects.filter(has_avif=True).count() == 3


@needs_avif
def test_a_lost_or_broken_master_stops_nobody_else():
    article = make_article()
    good, broken, lost = (make_photo(article) for _number in range(3))
    (photo_files.private_folder(broken.key) / pictures.MASTER).write_bytes(b"nic")
    shutil.rmtree(photo_files.private_folder(lost.key))
    assert avif.make_some() == "1 made"
    assert list(ArticlePhoto.objects.filter(has_avif=True)) == [good]


@needs_avif
def test_a_copy_has_what_its_source_has():
    photo = make_photo(make_article())
    avif.make_some()
    photo.refresh_from_db()
    copied = ArticlePhoto.add_copy(make_article(), photo, alt="a", consent_basis="no_people")
    assert copied.has_avif
    assert Client().get(copied.url(480, "avif")).status_code == 200


def test_a_pillow_without_avif_makes_none(monkeypatch):
    monkeypatch.setattr(pictures, "HAS_AVIF", False)
    article = make_article()
    photo = make_photo(article)
    assert "without" in avif.make_some()
    assert Client().get(photo.url(480, "avif")).status_code == 404
    assert Client().get(reverse("news:article_list")).status_code == 200


def test_tick_has_the_job():
    assert tick._jobs["avif"][0] is avif.make_some
