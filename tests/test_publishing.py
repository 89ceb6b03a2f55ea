"""When a thing can be seen: `published()` for lists, `reachable()` for its own address."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from news.models import Article
from portal.content.publishing import Status
from tests.make import make_article

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def published_titles():
    return set(Article.objects.published().values_list("title", flat=True))


def test_only_the_published_is_published():
    for status in Status.values:
        make_article(title=status, status=status)
    assert published_titles() == {"published"}


def test_a_scheduled_article_appears_by_itself(time_machine):
    make_article(title="jutro", publish_at=timezone.now() + HOUR)
    assert published_titles() == set()
    time_machine.move_to(timezone.now() + HOUR + timedelta(seconds=1))
    assert published_titles() == {"jutro"}


def test_an_expired_article_disappears_by_itself(time_machine):
    make_article(title="do jutra", expire_at=timezone.now() + HOUR)
    assert published_titles() == {"do jutra"}
    time_machine.move_to(timezone.now() + HOUR)
    assert published_titles() == set()
    assert not Article.objects.reachable().exists()


def test_an_archived_article_keeps_its_address_but_leaves_the_lists():
    article = make_article(title="dawne")
    article.archive()
    assert published_titles() == set()
    assert Article.objects.reachable().get() == article


def test_publishing_without_a_time_means_now():
    article = make_article(status=Status.PUBLISHED, publish_at=None)
    assert article.is_published


def test_the_database_refuses_published_rows_without_a_time():
    article = make_article()
    with pytest.raises(IntegrityError):
        Article.objects.filter(pk=article.pk).update(publish_at=None)


def test_the_end_must_come_after_the_publication():
    article = make_article()
    with pytest.raises(IntegrityError):
        Article.objects.filter(pk=article.pk).update(expire_at=article.publish_at - HOUR)
