"""What each group of editors may do, what it may not, and how the first administrator comes to be."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from institutions.models import Office
from news.models import Article, Category
from portal.content.publishing import Status
from portal.editing import proposals
from portal.pages.groups import GROUPS, create_groups, permission_key
from tests.forms import fill, read
from tests.make import make_article, make_event, make_institution, make_notice, make_page, make_user

pytestmark = pytest.mark.django_db
SECTIONS = {
    "news/article": make_article,
    "news/notice": make_notice,
    "institutions/institution": make_institution,
    "events/event": make_event,
    "pages/staticpage": make_page,
}


def signed_in(*groups: str) -> Client:
    client = Client()
    client.force_login(make_user(groups=groups))
    return client


def knows_password(client: Client, username: str, password: str) -> bool:
    return client.post("/admin/login/", {"username": username, "password": password}).status_code == 302


def form_of(thing) -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])


# --- The groups -------------------------------------------------------------------------------------------------------


def test_the_groups_are_there_after_migrating_with_every_permission_that_their_table_names():
    wanted = {
        name: {
            ".".join(permission_key(action, label))
            for actions, labels in rules
            for action in actions
            for label in labels
        }
        for name, rules in GROUPS.items()
    }
    for name, permissions in wanted.items():
        user = make_user(groups=[name])
        # events.publish_meetingreport and the like do not exist: what has no status has no such permission.
        missing = {label for label in permissions - user.get_all_permissions() if ".publish_" not in label}
        assert missing == set(), name


def test_making_the_groups_again_takes_nothing_away_and_adds_nothing_twice():
    group = Group.objects.get(name="Redaktor")
    before = set(group.permissions.values_list("pk", flat=True))
    create_groups(apps)
    assert set(group.permissions.values_list("pk", flat=True)) == before
    assert Group.objects.filter(name__in=GROUPS).count() == len(GROUPS)


@pytest.mark.parametrize("section", ["news/article", "news/notice", "institutions/institution", "pages/staticpage"])
def test_redaktor_writes_and_sends_to_review_but_publishes_nothing(section):
    client = signed_in("Redaktor")
    draft = SECTIONS[section](status="draft")
    assert not {"_publish", "_archive"} & set(read(client.get(form_of(draft))).buttons)
    fill(client, form_of(draft), "_to_review")
    draft.refresh_from_db()
    assert draft.status == Status.REVIEW
    assert fill(client, form_of(draft), "_publish").status_code == 403
    draft.refresh_from_db()
    assert draft.status == Status.REVIEW


@pytest.mark.parametrize("section", ["news/article", "news/notice", "institutions/institution", "pages/staticpage"])
def test_redaktor_changes_nothing_that_is_published_but_proposes_a_change(section):
    client = signed_in("Redaktor")
    thing = SECTIONS[section]()
    name = "name" if section == "institutions/institution" else "title"
    before = getattr(thing, name)
    fill(client, form_of(thing), "_save", **{name: "Inna nazwa"})
    thing.refresh_from_db()
    assert getattr(thing, name) == before
    assert proposals.open_of(thing).data[name] == ["Inna nazwa"]


def test_who_may_only_look_finds_no_button_and_changes_nothing():
    client = signed_in("Redaktor")
    event = make_event(description="<p>Bardzo <strong>ważne</strong></p>")
    page = client.get(form_of(event))
    assert not read(page).buttons
    assert "new_photos" not in page.content.decode()
    assert "Bardzo <strong>ważne</strong>" in page.content.decode()
    assert client.post(form_of(event), {"title": "Inny", "_save": "1"}).status_code == 403


def test_redaktor_cannot_publish_through_the_actions_of_the_list():
    client = signed_in("Redaktor")
    draft, public = make_article(status="draft"), make_article()
    for action in ("publish_selected", "archive_selected", "delete_selected"):
        client.post("/admin/news/article/", {"action": action, "_selected_action": [draft.pk], "post": "yes"})
    client.post("/admin/news/article/", {"action": "review_selected", "_selected_action": [public.pk]})
    assert [Article.objects.get(pk=article.pk).status for article in (draft, public)] == [
        Status.DRAFT,
        Status.PUBLISHED,
    ]


def test_redaktor_has_no_business_with_tiles_the_office_or_accounts():
    client = signed_in("Redaktor")
    for address in ("pages/tile", "pages/banner", "institutions/office", "auth/user", "auth/group"):
        assert client.get(f"/admin/{address}/add/").status_code == 403, address
    assert client.get("/admin/events/event/add/").status_code == 403


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("group", ["Redaktor", "Wydawca", "Organizator"])
def test_only_an_administrator_deletes(section, group):
    thing = SECTIONS[section](status="draft")
    assert signed_in(group).post(f"{form_of(thing).removesuffix('change/')}delete/", {"post": "yes"}).status_code == 403
    assert type(thing).objects.exists()


@pytest.mark.parametrize("section", SECTIONS)
def test_administrator_without_being_a_superuser_publishes_and_deletes(section):
    client = signed_in("Administrator")
    thing = SECTIONS[section](status="draft")
    fill(client, form_of(thing), "_publish")
    thing.refresh_from_db()
    assert thing.status == Status.PUBLISHED
    client.post(f"{form_of(thing).removesuffix('change/')}delete/", {"post": "yes"})
    assert not type(thing).objects.exists()


def test_organizator_publishes_events_and_writes_draft_articles_only():
    client = signed_in("Organizator")
    event = make_event(status="draft")
    fill(client, form_of(event), "_publish")
    event.refresh_from_db()
    assert event.status == Status.PUBLISHED
    text = {"category": Category.objects.first().pk, "title": "Z narady", "body": "<p>Treść.</p>"}
    assert fill(client, "/admin/news/article/add/", "_publish", **text).status_code == 403
    fill(client, "/admin/news/article/add/", "_save_draft", **text)
    assert Article.objects.get().status == Status.DRAFT
    assert client.get(form_of(make_institution(status="draft"))).status_code == 200
    assert client.get("/admin/institutions/institution/add/").status_code == 403


@pytest.mark.parametrize("group", GROUPS)
def test_the_first_page_shows_each_group_only_what_is_theirs(group):
    client = signed_in(group)
    page = client.get("/admin/")
    links = [model["admin_url"] for section in page.context["app_list"] for model in section["models"]]
    assert links
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_nobody_outside_the_staff_gets_in(client):
    client.force_login(make_user(is_staff=False, groups=["Administrator"]))
    assert client.get("/admin/news/article/").status_code == 302


# --- Accounts ---------------------------------------------------------------------------------------------------------


def test_a_new_account_may_sign_in_to_the_admin_at_once():
    fields = {"username": "kinga", "usable_password": "true"}
    fields |= {"password1": "cicha-woda-brzegi-rwie", "password2": "cicha-woda-brzegi-rwie"}
    groups = [str(Group.objects.get(name="Redaktor").pk)]
    fill(signed_in("Administrator"), "/admin/auth/user/add/", "_save", **fields, groups=groups)
    client = Client()
    assert knows_password(client, "kinga", fields["password1"])
    assert client.get("/admin/news/article/add/").status_code == 200


def test_administrator_makes_nobody_a_superuser_and_touches_none():
    client = signed_in("Administrator")
    user, superuser = make_user(), make_user(is_superuser=True)
    fill(client, form_of(user), is_superuser="on")
    user.refresh_from_db()
    assert not user.is_superuser
    assert client.post(form_of(superuser), {"username": "przejęty"}).status_code == 403
    assert client.get(f"/admin/auth/user/{superuser.pk}/password/").status_code == 403
    assert client.post(f"/admin/auth/user/{superuser.pk}/delete/", {"post": "yes"}).status_code == 403


def test_permissions_of_a_group_are_said_in_words():
    page = signed_in("Administrator").get(form_of(Group.objects.get(name="Redaktor")))
    assert "Can add" not in page.content.decode()


# --- The first administrator ------------------------------------------------------------------------------------------


def test_the_first_administrator_is_made_once_with_a_password_that_works(capsys, client):
    call_command("first_admin")
    printed = capsys.readouterr().out
    password = re.search(r"[\w]{5}(?:-[\w]{5}){3}", printed).group()
    assert "/admin/" in printed
    assert knows_password(client, "admin", password)
    assert (
        client.get("/admin/auth/user/", follow=True).redirect_chain[-1][0] == "/admin/telefon/?next=/admin/auth/user/"
    )
    assert User.objects.get().groups.get().name == "Administrator"
    call_command("first_admin")
    assert capsys.readouterr().out == ""
    assert User.objects.count() == 1


def test_two_first_administrators_have_different_passwords(capsys):
    with transaction.atomic():
        call_command("first_admin")
        transaction.set_rollback(True)
    first = capsys.readouterr().out
    call_command("first_admin")
    assert capsys.readouterr().out != first


OFFICE = {
    "name": "PCPR w Jarzębinie",
    "site_name": "Portal powiatu",
    "street": "ul. Klonowa 12",
    "postal_code": "38-099",
    "town": "Jarzębin",
    "email": "pcpr@jarzebin.example",
    "phone": "13 000 12 00",
    "username": "ewa",
}


def test_the_office_can_be_set_up_without_questions(capsys, client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "cicha-woda-brzegi-rwie")
    call_command("init_office", interactive=False, **OFFICE)
    assert (Office.current().name, Office.current().main_phone.number) == ("PCPR w Jarzębinie", "13 000 12 00")
    assert knows_password(client, "ewa", "cicha-woda-brzegi-rwie")
    assert "cicha-woda" not in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("init_office", interactive=False, **OFFICE)


def test_a_password_is_made_up_where_none_is_given(capsys, client):
    call_command("init_office", interactive=False, **OFFICE)
    password = re.search(r"[\w]{5}(?:-[\w]{5}){3}", capsys.readouterr().out).group()
    assert knows_password(client, "ewa", password)


@pytest.mark.parametrize(
    "change",
    [
        {"postal_code": "38099"},
        {"email": "nie adres"},
        {"name": None},
        {"street": ""},
        {"username": "a b"},
        {"name": "x" * 300},
    ],
)
def test_wrong_data_of_the_office_are_refused_and_leave_nothing_behind(change):
    with pytest.raises(CommandError):
        call_command("init_office", interactive=False, **OFFICE | change)
    assert not Office.objects.exists()
    assert not User.objects.exists()


def test_the_questions_are_asked_again_until_the_answer_is_right(capsys, monkeypatch, client):
    answers = iter(
        [
            "PCPR w Jarzębinie",
            "",
            "Portal",
            "ul. Klonowa 12",
            "38099",
            "38-099",
            "Jarzębin",
            "zły",
            "a@b.example",
            "13 000 12 00",
            "ewa",
        ]
    )
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    typed = iter(["krótkie", "cicha-woda-brzegi-rwie", "inaczej", "cicha-woda-brzegi-rwie", "cicha-woda-brzegi-rwie"])
    monkeypatch.setattr("getpass.getpass", lambda question: next(typed))
    call_command("init_office")
    assert Office.current().postal_code == "38-099"
    assert knows_password(client, "ewa", "cicha-woda-brzegi-rwie")
