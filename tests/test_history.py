"""Who changed what and when; any version comes back with its photos, and so does what was deleted."""

import shutil
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from events.models import EventSession
from events.registration import attendance, seats
from news.models import Article
from portal.content import photo_files
from portal.content.publishing import Status
from portal.editing import history
from portal.editing.models import Act, AuditEntry
from tests.forms import fill, read
from tests.make import (
    in_days,
    make_article,
    make_event,
    make_institution,
    make_photo,
    make_registration,
    make_signup,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_user(groups=["Wydawca"], first_name="Ewa", last_name="Modrzycka")
    client.force_login(user)
    return user


@pytest.fixture
def administrator():
    client = Client()
    client.force_login(make_user(groups=["Administrator"]))
    return client


def address(thing, name: str = "change", *more) -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{name}", args=[thing.pk, *more])


def versions(thing):
    return list(history.versions_of(type(thing), thing.pk))


def restore(client, thing, number: int):
    """Bring back the version with this number, counted from the first one."""
    return client.post(address(thing, "restore", versions(thing)[::-1][number].pk))


def test_the_history_says_who_changed_what(client, editor):
    article = make_article(title="Dyżur", lead="We wtorek o ósmej", body="<p>Pokój 12.</p>")
    fill(client, address(article), "_save", lead="W środę o ósmej", body="<p>Pokój 14.</p>")
    page = client.get(address(article, "history"))
    html = page.content.decode()
    assert "Ewa Modrzycka" in html
    assert "<del>We wtorek </del><ins>W środę </ins>o ósmej" in html
    changes = page.context["rows"][0]["changes"]
    assert {(found.before, found.after) for found in changes} == {
        ("We wtorek o ósmej", "W środę o ósmej"),
        ("Pokój 12.", "Pokój 14."),
    }


def test_of_what_nobody_has_changed_there_is_no_history_yet(client, editor):
    page = client.get(address(make_article(), "history"))
    assert page.status_code == 200 and "Nic tu jeszcze nie zmieniono." in page.content.decode()


def test_the_state_before_the_first_change_is_kept_too(client, editor):
    article = make_article(lead="Sprzed historii")
    fill(client, address(article), "_save", lead="Nowe")
    assert [version.field_dict["lead"] for version in versions(article)] == ["Nowe", "Sprzed historii"]


def test_any_version_comes_back_and_what_was_there_stays_in_the_history(client, editor):
    article = make_article(lead="Pierwszy")
    for lead in ("Drugi", "Trzeci"):
        fill(client, address(article), "_save", lead=lead)
    page = client.get(address(article, "restore", versions(article)[-1].pk))
    assert [(found.before, found.after) for found in page.context["changes"]] == [("Trzeci", "Pierwszy")]
    assert Article.objects.get().lead == "Trzeci"
    restore(client, article, 0)
    assert Article.objects.get().lead == "Pierwszy"
    restore(client, article, 2)
    assert Article.objects.get().lead == "Trzeci"
    assert AuditEntry.objects.filter(act=Act.RESTORED).count() == 2


def test_a_version_comes_back_with_its_photos(client, editor):
    article = make_article()
    photo = make_photo(article, caption="Rynek")
    fill(client, address(article), "_save", lead="Ze zdjęciem")
    fill(client, address(article), "_save", **{"photos-0-DELETE": "on"})
    assert not article.photos.exists()
    restore(client, article, 1)
    back = article.photos.get()
    assert (back.key, back.caption) == (photo.key, "Rynek")
    assert Client().get(back.small_url).status_code == 200


def test_a_photo_added_later_goes_when_an_older_version_comes_back(client, editor):
    article = make_article(lead="Bez zdjęcia")
    fill(client, address(article), "_save", lead="Jeszcze bez")
    make_photo(article)
    fill(client, address(article), "_save", lead="Ze zdjęciem")
    restore(client, article, 1)
    assert not article.photos.exists()
    restore(client, article, 2)
    assert article.photos.count() == 1


def test_a_photo_whose_files_are_gone_does_not_come_back_and_that_is_said(client, editor):
    article = make_article()
    photo = make_photo(article, caption="Rynek")
    fill(client, address(article), "_save", lead="Ze zdjęciem")
    fill(client, address(article), "_save", **{"photos-0-DELETE": "on"})
    shutil.rmtree(photo_files.private_folder(photo.key))
    answer = client.post(address(article, "restore", versions(article)[1].pk), follow=True)
    assert not article.photos.exists()
    assert "Rynek" in answer.content.decode() and "nie wraca" in answer.content.decode()
    assert Client().get(article.get_absolute_url()).status_code == 200


def test_an_old_draft_that_comes_back_takes_no_page_off_the_site(client, editor):
    article = make_article(title="Stary tytuł", status="draft", publish_at=None)
    fill(client, address(article), "_save_draft", title="Nowy tytuł")
    fill(client, address(article), "_publish")
    slug = Article.objects.get().slug
    restore(client, article, 0)
    article.refresh_from_db()
    assert (article.title, article.status, article.slug) == ("Stary tytuł", Status.PUBLISHED, slug)
    assert "Stary tytuł" in Client().get(article.get_absolute_url()).content.decode()


def test_an_action_of_the_list_stands_in_the_history(client, editor):
    article = make_article()
    client.post("/admin/news/article/", {"action": "archive_selected", "_selected_action": [article.pk]})
    assert [version.field_dict["status"] for version in versions(article)] == ["archived", "published"]


def test_what_was_deleted_comes_back_as_a_draft_with_its_photos(administrator):
    article = make_article(title="Skasowany", slug="skasowany")
    photo = make_photo(article)
    administrator.post(address(article, "delete"), {"post": "yes"})
    assert not Article.objects.exists()
    assert "/admin/news/article/deleted/" in administrator.get("/admin/news/article/").content.decode()
    page = administrator.get("/admin/news/article/deleted/")
    assert "Skasowany" in page.content.decode()
    version = page.context["page_obj"][0]
    administrator.post(f"/admin/news/article/deleted/{version.pk}/")
    back = Article.objects.get()
    assert (back.pk, back.title, back.status) == (article.pk, "Skasowany", Status.DRAFT)
    assert back.photos.get().key == photo.key
    assert [entry.act for entry in AuditEntry.objects.order_by("pk")] == [Act.DELETED, Act.RESTORED]
    assert "Skasowany" not in administrator.get("/admin/news/article/deleted/").content.decode()


def test_deleted_by_the_action_of_the_list_comes_back_too(administrator):
    for title in ("Raz", "Dwa"):
        make_article(title=title)
    chosen = {
        "action": "delete_selected",
        "_selected_action": [*Article.objects.values_list("pk", flat=True)],
        "post": "yes",
    }
    administrator.post("/admin/news/article/", chosen)
    assert {str(version) for version in history.deleted(Article)} == {"Raz", "Dwa"}


def test_what_cannot_be_brought_back_says_so_and_changes_nothing(administrator):
    article = make_article(title="Skasowany", slug="zajety")
    administrator.post(address(article, "delete"), {"post": "yes"})
    make_article(title="Inny", slug="zajety")
    version = history.deleted(Article).get()
    answer = administrator.post(f"/admin/news/article/deleted/{version.pk}/", follow=True)
    assert "nie można przywrócić" in answer.content.decode()
    assert [found.title for found in Article.objects.all()] == ["Inny"]


def test_a_date_on_which_people_were_present_stays_when_an_older_version_comes_back(client):
    client.force_login(make_user(groups=["Organizator"]))
    event = make_event(starts_at=in_days(-5), session={"didactic_hours": Decimal(4)})
    fill(client, address(event), "_save", summary="Jeden termin")
    later = event.sessions.create(starts_at=in_days(-4), ends_at=in_days(-3.9), didactic_hours=2)
    fill(client, address(event), "_save", summary="Dwa terminy")
    signup = make_signup(event, closes_at=in_days(-6))
    person = make_registration(signup, "Ewa Lis", by=seats.staff(None)).participants.get()
    attendance.mark(person, later, "present", None)
    answer = client.post(address(event, "restore", versions(event)[1].pk), follow=True)
    assert answer.status_code == 200
    assert EventSession.objects.filter(pk=later.pk).exists()
    assert attendance.hours_of(signup) == {person.pk: Decimal(2)}
    event.refresh_from_db()
    assert event.summary == "Jeden termin"


def test_who_may_not_publish_restores_nothing_public(client):
    writer = make_user(groups=["Redaktor"])
    client.force_login(writer)
    article = make_article(lead="Pierwszy")
    history.add_version(article, writer)
    assert client.get(address(article, "history")).status_code == 200
    assert restore(client, article, 0).status_code == 403
    assert client.get("/admin/news/article/deleted/").status_code == 403


@pytest.mark.parametrize("number", ["1", "999999"])
def test_a_version_of_another_thing_is_not_found(client, editor, number):
    article, other = make_article(), make_article()
    history.add_version(other, editor)
    number = versions(other)[0].pk if number == "1" else number
    assert client.get(address(article, "restore", number)).status_code == 404


def test_related_things_and_choices_are_told_by_name(client, editor):
    article = make_article()
    house = make_institution(name="DPS Pod Lipami")
    history.add_version(article, editor)
    fill(client, address(article), "_save", institutions=[str(house.pk)], is_pinned="on")
    changes = {
        found.label: found.after for found in client.get(address(article, "history")).context["rows"][0]["changes"]
    }
    assert "DPS Pod Lipami" in changes.values() and "tak" in changes.values()


def test_a_long_history_is_paged_and_asks_no_more_queries_for_longer(client, editor, django_assert_max_num_queries):
    article = make_article()
    for number in range(20):
        Article.objects.filter(pk=article.pk).update(lead=f"Wersja {number}")
        history.add_version(article, editor)
    with django_assert_max_num_queries(40):
        page = client.get(address(article, "history"))
    assert len(page.context["rows"]) == 15
    assert page.context["rows"][-1]["changes"]  # compared with the one on the next page
    assert len(client.get(address(article, "history") + "?page=2").context["rows"]) == 5


def test_the_form_of_the_present_is_untouched_by_looking(client, editor):
    article = make_article(lead="Teraz")
    history.add_version(article, editor)
    Article.objects.filter(pk=article.pk).update(lead="Później")
    client.get(address(article, "restore", versions(article)[0].pk))
    assert read(client.get(address(article))).fields["lead"] == ["Później"]
