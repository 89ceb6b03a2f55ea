"""Editors bound to institutions see and edit what is theirs: in lists, forms, previews, the board and the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from institutions.memberships import only_theirs
from news.models import Article, Category
from tests.forms import fill, read
from tests.make import (
    make_article,
    make_attachment,
    make_event,
    make_institution,
    make_notice,
    make_page,
    make_signup,
    make_user,
)

pytestmark = pytest.mark.django_db


def form_of(thing) -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])


@pytest.fixture
def house():
    return make_institution(name="DPS Pod Lipami")


@pytest.fixture
def other_house():
    return make_institution(name="ŚDS Olszyny")


def bound(*institutions, group: str = "Wydawca") -> Client:
    user = make_user(groups=[group])
    for institution in institutions:
        user.memberships.create(institution=institution)
    client = Client()
    client.force_login(user)
    return client


def listed(client, address: str) -> set[str]:
    return {str(row) for row in client.get(address).context["cl"].result_list}


def test_lists_show_only_what_is_theirs(house, other_house):
    for make in (make_article, make_notice):
        make(title="Nasz", unit=house)
        make(title="Cudzy", unit=other_house)
        make(title="Urzędu")
    make_page(title="Strona urzędu")
    client = bound(house)
    assert listed(client, "/admin/news/article/") == listed(client, "/admin/news/notice/") == {"Nasz"}
    assert listed(client, "/admin/institutions/institution/") == {"DPS Pod Lipami"}
    assert listed(client, "/admin/pages/staticpage/") == set()


def test_who_is_bound_to_none_works_for_the_whole_office(house):
    make_article(title="Nasz", unit=house)
    make_article(title="Urzędu")
    assert listed(bound(), "/admin/news/article/") == {"Nasz", "Urzędu"}


def test_who_is_bound_to_two_sees_both(house, other_house):
    make_article(title="Nasz", unit=house)
    make_article(title="Drugi", unit=other_house)
    assert listed(bound(house, other_house), "/admin/news/article/") == {"Nasz", "Drugi"}


@pytest.mark.parametrize("page", ["change", "history", "preview_links", "delete"])
def test_no_form_of_another_institution_opens(house, other_house, page):
    article = make_article(title="Cudzy tytuł", unit=other_house)
    answer = bound(house).get(reverse(f"admin:news_article_{page}", args=[article.pk]))
    assert answer.status_code in (302, 403, 404)
    assert "Cudzy tytuł" not in answer.content.decode()


def test_nothing_of_another_institution_is_changed(house, other_house):
    client, article = bound(house), make_article(lead="Dawny", unit=other_house)
    client.post(form_of(article), {"lead": "Zmieniony", "_save": "1"})
    client.post("/admin/news/article/", {"action": "archive_selected", "_selected_action": [article.pk]})
    client.post("/admin/news/article/autosave/", {"_draft": "0" * 32, "_object": article.pk, "lead": "x"})
    article.refresh_from_db()
    assert (article.lead, article.status) == ("Dawny", "published")


def test_a_new_text_is_written_for_ones_own_institution(house, other_house):
    client = bound(house)
    text = {"category": Category.objects.first().pk, "title": "Kiermasz", "body": "<p>Treść.</p>"}
    assert read(client.get("/admin/news/article/add/")).fields["unit"] == [str(house.pk)]
    refused = fill(client, "/admin/news/article/add/", "_publish", **text, unit=str(other_house.pk))
    assert "unit" in refused.context["adminform"].form.errors
    refused = fill(client, "/admin/news/article/add/", "_publish", **text, unit="")
    assert "Wybierz placówkę, dla której piszesz." in refused.content.decode()
    assert not Article.objects.exists()
    fill(client, "/admin/news/article/add/", "_publish", **text)
    assert Article.objects.get().unit == house


def test_nothing_is_given_away_to_another_institution(house, other_house):
    client, article = bound(house), make_article(unit=house)
    fill(client, form_of(article), "_save", unit=str(other_house.pk))
    article.refresh_from_db()
    assert article.unit == house


def test_drafts_of_others_are_not_previewed(house, other_house):
    ours, theirs = make_article(status="draft", unit=house), make_article(status="draft", unit=other_house)
    public = make_article(unit=other_house)
    client = bound(house)
    assert client.get(ours.get_absolute_url()).status_code == 200
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(public.get_absolute_url()).status_code == 200


def test_files_of_others_drafts_are_not_opened(house, other_house):
    ours = make_attachment(make_article(status="draft", unit=house))
    theirs = make_attachment(make_article(status="draft", unit=other_house))
    public = make_attachment(make_article(unit=other_house))
    client = bound(house)
    assert client.get(ours.get_absolute_url(), follow=True).status_code == 200
    assert client.get(public.get_absolute_url(), follow=True).status_code == 200
    for address in (theirs.get_absolute_url(), theirs.content_url):
        assert client.get(address).status_code == 404


def test_the_board_counts_only_what_is_theirs(house, other_house):
    make_article(title="Nasz", status="review", unit=house)
    make_article(title="Cudzy", status="review", unit=other_house)
    page = bound(house).get("/admin/").content.decode()
    assert "Nasz" in page and "Cudzy" not in page


def test_the_choice_of_an_institution_offers_only_theirs(house, other_house):
    chosen = {"app_label": "news", "model_name": "article", "field_name": "unit", "term": ""}
    found = bound(house).get("/admin/autocomplete/", chosen).json()["results"]
    assert [row["text"] for row in found] == ["DPS Pod Lipami"]


def test_the_desk_of_anothers_event_does_not_open(house, other_house):
    ours = make_signup(make_event(institution=house, contact_phone="13 000 10 20"))
    theirs = make_signup(make_event(institution=other_house, contact_phone="13 000 10 20"))
    client = bound(house, group="Organizator")
    assert client.get(reverse("admin:registration_desk_list", args=[ours.pk])).status_code == 200
    assert client.get(reverse("admin:registration_desk_list", args=[theirs.pk])).status_code == 404
    assert listed(client, "/admin/registration/signup/") == {str(ours)}


def test_an_event_of_two_dates_in_the_house_is_listed_once(house):
    event = make_event(institution=house)
    event.sessions.create(
        starts_at=event.sessions.get().starts_at, ends_at=event.sessions.get().ends_at, institution=house
    )
    user = make_user(groups=["Organizator"])
    user.memberships.create(institution=house)
    assert only_theirs(user, type(event).objects.all()).count() == 1


def test_pages_and_new_institutions_are_the_offices(house):
    client = bound(house)
    assert client.get("/admin/pages/staticpage/add/").status_code == 403
    assert client.get("/admin/institutions/institution/add/").status_code == 403
    assert client.get(form_of(house)).status_code == 200
