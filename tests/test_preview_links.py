"""A link for somebody outside: reads one thing before it is published, and nothing else; ends by itself or by hand."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.counters.journal import HEADER
from portal.editing import preview_links
from portal.editing.models import Act, AuditEntry, PreviewLink
from tests.make import (
    in_days,
    make_article,
    make_attachment,
    make_event,
    make_institution,
    make_notice,
    make_page,
    make_photo,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_user(groups=["Wydawca"])
    client.force_login(user)
    return user


def links_page(thing) -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_preview_links", args=[thing.pk])


def make_link(client, thing, **fields) -> str:
    """The address that the editor copies, without the host."""
    page = client.post(links_page(thing), {"note": "", "days": "7", **fields}, follow=True)
    return page.context["links"][0][1].removeprefix("http://testserver")


@pytest.mark.parametrize("make", [make_article, make_notice, make_event, make_institution, make_page])
def test_somebody_without_an_account_reads_the_draft_on_its_real_page(client, editor, make):
    name = "name" if make is make_institution else "title"
    thing = make(status="draft", publish_at=None, **{name: "Jeszcze nie dla wszystkich"})
    answer = Client().get(make_link(client, thing))
    assert answer.status_code == 200
    assert "Jeszcze nie dla wszystkich" in answer.content.decode()
    assert "Podgląd dla osób, które mają ten link" in answer.content.decode()


def test_the_page_is_not_indexed_cached_counted_and_sets_no_cookie(client, editor):
    answer = Client().get(make_link(client, make_article(status="draft")))
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert HEADER not in answer and not answer.cookies


def test_the_link_opens_nothing_else(client, editor):
    secret = make_article(title="Inny szkic", status="draft")
    visitor = Client()
    visitor.get(make_link(client, make_article(status="draft")))
    assert visitor.get(secret.get_absolute_url()).status_code == 404
    assert "Inny szkic" not in visitor.get(make_link(client, make_article(status="draft"))).content.decode()


def test_photos_and_files_are_seen_with_the_page_and_with_nothing_else(client, editor):
    article = make_article(status="draft")
    photo, attachment = make_photo(article), make_attachment(article)
    waiting = make_photo(article, alt="")
    foreign = make_photo(make_article(status="draft"))
    address = make_link(client, article)
    visitor = Client()
    html = visitor.get(address).content.decode()
    assert f"{address}photos/{photo.key}/" in html and f"/media/photos/{photo.key}/" not in html
    picture = visitor.get(f"{address}photos/{photo.key}/480.jpg")
    assert picture.status_code == 200 and picture["Cache-Control"] == "private, no-store"
    assert visitor.get(photo.small_url).status_code == 404
    for other in (waiting, foreign):
        assert visitor.get(f"{address}photos/{other.key}/480.jpg").status_code == 404
    assert f"{address}pliki/{attachment.key}/" in html
    assert visitor.get(f"{address}pliki/{attachment.key}/{attachment.name}").status_code == 200
    assert visitor.get(attachment.get_absolute_url()).status_code == 404


def test_it_ends_by_itself(client, editor):
    article = make_article(status="draft")
    photo = make_photo(article)
    address = make_link(client, article, days="1")
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        assert Client().get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        answer = Client().get(address)
        assert answer.status_code == 410 and "podgląd wygasł" in answer.content.decode()
        assert Client().get(f"{address}photos/{photo.key}/480.jpg").status_code == 404


def test_it_is_revoked_by_hand(client, editor):
    article = make_article(status="draft")
    address = make_link(client, article, note="Dla pani dyrektor")
    link = PreviewLink.objects.get()
    client.post(links_page(article), {"revoke": str(link.pk)})
    assert Client().get(address).status_code == 410
    assert [entry.act for entry in AuditEntry.objects.order_by("pk")] == [Act.PREVIEW_LINK, Act.PREVIEW_REVOKED]
    assert "Unieważniony" in client.get(links_page(article)).content.decode()


def test_once_published_it_leads_to_the_public_page(client, editor):
    article = make_article(status="draft")
    address = make_link(client, article)
    article.status, article.publish_at = "published", in_days(-1)
    article.save()
    assert Client().get(address).url == article.get_absolute_url()


def test_of_what_is_scheduled_it_shows_the_page_before_its_time(client, editor):
    assert Client().get(make_link(client, make_article(publish_at=in_days(2)))).status_code == 200


@pytest.mark.parametrize(
    "spoil", [lambda key: key[:-1], lambda key: "x" + key, lambda key: "x" * 300, lambda key: "a:b"]
)
def test_a_guessed_or_cut_address_opens_nothing(client, editor, spoil):
    token = make_link(client, make_article(status="draft")).split("/")[-2]
    assert Client().get(reverse("preview_link", args=[spoil(token)])).status_code == 410


def test_a_link_to_what_was_deleted_has_ended(client, editor):
    article = make_article(status="draft")
    address = make_link(client, article)
    article.delete()
    assert Client().get(address).status_code == 410


def test_only_those_who_may_write_make_links(client):
    article = make_article(status="draft")
    client.force_login(make_user(groups=["Organizator"]))
    event = make_event(status="draft")
    assert client.get(links_page(event)).status_code == 200
    client.force_login(make_user(groups=["Redaktor"]))
    assert client.get(links_page(article)).status_code == 200
    assert client.post(links_page(event), {"days": "7"}).status_code == 403
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("fields", [{"days": "365"}, {"days": ""}, {"days": "x"}, {"note": "x" * 500, "days": "7"}])
def test_wrong_answers_are_refused_beside_the_field(client, editor, fields):
    answer = client.post(links_page(make_article(status="draft")), {"note": "", **fields})
    assert answer.status_code == 200 and answer.context["form"].errors
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("number", ["x", "999999", "", "²"])
def test_revoking_nonsense_revokes_nothing(client, editor, number):
    article = make_article(status="draft")
    make_link(client, article)
    assert client.post(links_page(article), {"revoke": number}).status_code == 302
    assert PreviewLink.objects.get().is_valid


def test_a_guess_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert preview_links._find("zgaduję") is None
