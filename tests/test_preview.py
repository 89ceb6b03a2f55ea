"""Staff see a draft on its real page; nobody else learns that it is there."""

import pytest
from django.contrib.auth.models import Permission

from news import views
from portal.content.preview import preview_or_public
from portal.counters.journal import HEADER
from tests.make import in_days, make_article, make_notice, make_user

pytestmark = pytest.mark.django_db
UNPUBLISHED = [{"status": "draft"}, {"status": "review"}, {"publish_at": in_days(2)}, {"expire_at": in_days(-1)}]


@pytest.fixture
def editor(client):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "change_notice"]))
    client.force_login(user)
    return user


@pytest.mark.parametrize("state", UNPUBLISHED)
@pytest.mark.parametrize("make", [make_article, make_notice])
def test_editor_sees_the_unpublished_and_is_told_so(client, editor, make, state):
    item = make(title="Jeszcze nie", **state)
    response = client.get(item.get_absolute_url())
    assert response.status_code == 200
    assert "Jeszcze nie" in response.content.decode()
    assert "state-banner" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("state", UNPUBLISHED)
@pytest.mark.parametrize("make", [make_article, make_notice])
def test_anybody_else_gets_a_404(client, make, state):
    item = make(**state)
    assert client.get(item.get_absolute_url()).status_code == 404
    client.force_login(make_user(is_staff=False))
    assert client.get(item.get_absolute_url()).status_code == 404
    client.force_login(make_user())  # staff, but not of this section
    assert client.get(item.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("part", ["drukuj/", "pdf/"])
def test_draft_has_no_public_print_view(client, part):
    assert client.get(f"{make_article(status='draft').get_absolute_url()}{part}").status_code == 404


def test_print_view_of_a_draft_is_not_stored(client, editor):
    response = client.get(f"{make_article(status='draft').get_absolute_url()}drukuj/")
    assert response["Cache-Control"] == "private, no-store"


def test_preview_does_not_count(client, editor, rf):
    request = rf.get("/")
    request.COOKIES, request.user = client.cookies, editor
    assert HEADER not in views.article(request, make_article(status="draft").slug)
    assert HEADER in views.article(request, make_article().slug)


def test_published_page_is_no_preview_for_its_editor(client, editor):
    response = client.get(make_article().get_absolute_url())
    assert "state-banner" not in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"  # there may be a session's words on it


def test_without_a_session_cookie_nobody_asks_who_it_is(rf):
    article = make_article()
    request = rf.get("/")  # has no `user`: touching it would raise
    found = preview_or_public(request, type(article).objects.reachable(), type(article).objects.all()).get()
    assert found.is_preview is False
