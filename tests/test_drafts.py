"""What is typed is kept: privately, only for who typed it, and never as something saved."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from events.models import MeetingReport
from news.models import Article, Category
from portal.editing import drafts
from portal.editing.models import AuditEntry, Draft
from tests.forms import fill, press, read
from tests.make import in_days, make_article, make_event, make_photo, make_user

pytestmark = pytest.mark.django_db
ADD, AUTOSAVE = "/admin/news/article/add/", "/admin/news/article/autosave/"


def form_of(article) -> str:
    return reverse("admin:news_article_change", args=[article.pk])


@pytest.fixture
def editor(client):
    user = make_user(groups=["Wydawca"])
    client.force_login(user)
    return user


def autosave(client, address: str = ADD, **changes):
    """What the form's script sends a moment after typing."""
    form = read(client.get(address))
    number = address.rstrip("/").split("/")[-2] if "change" in address else ""
    fields = {**form.fields, "_object": number, **changes}
    return client.post(AUTOSAVE, fields)


def test_what_is_typed_into_a_new_form_is_offered_and_comes_back(client, editor):
    category = str(Category.objects.first().pk)
    answer = autosave(client, title="Żółty szlak", body="<p>Pół zdania</p>", category=category)
    assert answer.status_code == 200 and answer.json()["saved"]
    draft = Draft.objects.get()
    page = client.get(ADD)
    assert "Żółty szlak" in page.content.decode() and f"?draft={draft.uid}" in page.content.decode()
    assert read(page).fields["title"] == [""]
    fields = read(client.get(f"{ADD}?draft={draft.uid}")).fields
    assert (fields["title"], fields["body"], fields["category"]) == (["Żółty szlak"], ["<p>Pół zdania</p>"], [category])
    assert fields["_draft"] == [str(draft.uid)]


def test_a_draft_is_nothing_saved(client, editor):
    article = make_article(lead="Zapisane")
    autosave(client, form_of(article), lead="Tylko wpisane")
    article.refresh_from_db()
    assert article.lead == "Zapisane"
    assert not Version.objects.exists() and not AuditEntry.objects.exclude(act="logged_in").exists()
    assert "Tylko wpisane" not in Client().get(article.get_absolute_url()).content.decode()


def test_saving_ends_the_draft(client, editor):
    article = make_article()
    autosave(client, form_of(article), lead="Nowy wstęp")
    draft = Draft.objects.get()
    address = f"{form_of(article)}?draft={draft.uid}"
    press(client, address, read(client.get(address)), "_save")
    article.refresh_from_db()
    assert article.lead == "Nowy wstęp"
    assert not drafts.of_author(editor).exists()


def test_what_comes_after_the_save_is_no_unsaved_text(client, editor):
    form = read(client.get(ADD))
    fields = {**form.fields, "_object": ""}
    category = str(Category.objects.first().pk)
    press(client, ADD, form, "_save_draft", title="Zapisany", body="<p>Treść</p>", category=category)
    late = client.post(AUTOSAVE, {**fields, "title": "Zapisany"})
    assert late.status_code == 409
    assert not drafts.of_author(editor).exists()
    assert "Masz tu niezapisany tekst" not in client.get(ADD).content.decode()
    goes_on = client.post(AUTOSAVE, {**fields, "_draft": late.json()["next"], "title": "Pisany dalej"})
    assert goes_on.status_code == 200
    assert [draft.title for draft in drafts.of_author(editor)] == ["Pisany dalej"]


def test_nobody_finishes_the_text_of_another(editor):
    uid = uuid4()
    drafts.keep(editor, uid, Article, None, "Mój", {})
    drafts.finish(make_user(groups=["Wydawca"]), uid, Article)
    assert [draft.title for draft in drafts.of_author(editor)] == ["Mój"]


def test_a_form_is_remembered_as_finished_for_a_day(editor):
    finished, others = uuid4(), uuid4()
    drafts.finish(editor, finished, Article)
    drafts.keep(editor, others, Article, None, "Pisany", {})
    Draft.objects.update(saved_at=timezone.now() - timedelta(hours=23))
    drafts.purge()
    assert Draft.objects.count() == 2
    Draft.objects.update(saved_at=timezone.now() - timedelta(hours=25))
    drafts.purge()
    assert [draft.uid for draft in Draft.objects.all()] == [others]


def test_one_form_keeps_one_draft(client, editor):
    form = read(client.get(ADD))
    for title in ("Ż", "Żó", "Żółty"):
        client.post(AUTOSAVE, {**form.fields, "title": title})
    assert [draft.title for draft in Draft.objects.all()] == ["Żółty"]


def test_nobody_else_sees_or_touches_it(client, editor):
    autosave(client, title="Tylko dla mnie")
    draft = Draft.objects.get()
    other = Client()
    other.force_login(make_user(groups=["Administrator"]))
    assert "Tylko dla mnie" not in other.get(ADD).content.decode()
    assert read(other.get(f"{ADD}?draft={draft.uid}")).fields["title"] == [""]
    assert other.post(AUTOSAVE, {"_draft": str(draft.uid), "title": "Cudze"}).status_code == 403
    other.post(f"/admin/news/article/drafts/{draft.uid}/discard/")
    assert Draft.objects.get().title == "Tylko dla mnie"


def test_a_draft_can_be_discarded(client, editor):
    autosave(client, title="Zbędne")
    answer = client.post(f"/admin/news/article/drafts/{Draft.objects.get().uid}/discard/")
    assert answer.url == ADD
    assert not drafts.of_author(editor).exists()


def test_a_draft_of_what_somebody_saved_meanwhile_shows_both_texts(client, editor):
    article = make_article(lead="Pierwotny")
    autosave(client, form_of(article), lead="Mój")
    Article.objects.filter(pk=article.pk).update(lead="Cudzy", updated_at=timezone.now())
    page = client.get(f"{form_of(article)}?draft={Draft.objects.get().uid}")
    assert [(found.before, found.after) for found in page.context["conflict_differences"]] == [("Cudzy", "Mój")]


def test_a_draft_with_rows_that_are_gone_still_opens(client, editor):
    event = make_event()
    client.force_login(make_user(groups=["Organizator"]))
    address = reverse("admin:events_event_change", args=[event.pk])
    event.agenda.create(title="Powitanie", kind="topic", position=10)
    item = event.agenda.create(title="Dyskusja", kind="topic", position=20)
    form = read(client.get(address))
    client.post(
        "/admin/events/event/autosave/", {**form.fields, "_object": event.pk, "agenda-1-title": "Dyskusja i pytania"}
    )
    item.delete()
    address = f"{address}?draft={Draft.objects.get().uid}"
    page = client.get(address)
    press(
        client,
        address,
        read(page),
        "_save",
        _overwrite=page.context["conflict"].saved_version if "conflict" in page.context else None,
    )
    assert [row.title for row in event.agenda.all()] == ["Powitanie", "Dyskusja i pytania"]


def test_a_meeting_record_keeps_its_draft_too(client):
    client.force_login(make_user(groups=["Organizator"]))
    report = MeetingReport.objects.create(event=make_event(starts_at=in_days(-2)), lead="Wstęp")
    address = reverse("admin:events_meetingreport_change", args=[report.pk])
    form = read(client.get(address))
    client.post("/admin/events/meetingreport/autosave/", {**form.fields, "_object": report.pk, "lead": "Dłuższy wstęp"})
    assert "?draft=" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"_draft": "x"}, 400),
        ({"_draft": str(uuid4()), "_object": "x"}, 400),
        ({"_draft": str(uuid4()), "_object": "999999"}, 404),
        ({"_draft": str(uuid4()), "title": "a\0b"}, 200),
        ({"_draft": str(uuid4()), "title": "ż" * 5000}, 200),
    ],
)
def test_nonsense_is_answered_and_breaks_nothing(client, editor, fields, status):
    assert client.post(AUTOSAVE, fields).status_code == status
    for draft in Draft.objects.all():
        assert client.get(f"{ADD}?draft={draft.uid}").status_code == 200


def test_what_is_too_long_to_keep_is_said(client, editor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    answer = client.post(AUTOSAVE, {"_draft": str(uuid4()), "body": "x" * (drafts.LARGEST + 1)})
    assert answer.status_code == 413 and "za długi" in answer.json()["error"]


def test_a_pesel_is_in_no_draft_either(client, editor):
    answer = client.post(AUTOSAVE, {"_draft": str(uuid4()), "body": "<p>Pan Jan, PESEL 440514<b>01359</b>.</p>"})
    assert answer.status_code == 422 and "PESEL" in answer.json()["error"]
    assert not Draft.objects.exists()


def test_who_may_not_write_keeps_nothing(client):
    client.force_login(make_user(groups=["Redaktor"]))
    assert client.post("/admin/events/event/autosave/", {"_draft": str(uuid4())}).status_code == 403
    assert client.get(AUTOSAVE).status_code == 405
    assert Client().post(AUTOSAVE, {"_draft": str(uuid4())}).status_code == 302
    assert not Draft.objects.exists()


def test_html_that_was_typed_is_cleaned_before_it_is_shown_again(client, editor):
    autosave(client, title="<script>alert(1)</script>", body="<p onclick=alert(1)>Tekst<script>alert(1)</script></p>")
    page = client.get(f"{ADD}?draft={Draft.objects.get().uid}")
    assert read(page).fields["body"] == ["<p>Tekst</p>"]
    assert "<script>alert(1)" not in page.content.decode()


def test_drafts_are_forgotten_after_a_month(editor):
    for days in (10, 31):
        Draft.objects.create(author=editor, content_type_id=1, data={}, saved_at=timezone.now() - timedelta(days=days))
    drafts.purge()
    assert Draft.objects.count() == 1


def test_photos_of_a_draft_are_kept_in_its_rows(client, editor):
    article = make_article()
    make_photo(article, caption="Rynek")
    autosave(client, form_of(article), **{"photos-0-caption": "Rynek zimą"})
    page = client.get(f"{form_of(article)}?draft={Draft.objects.get().uid}")
    assert read(page).fields["photos-0-caption"] == ["Rynek zimą"]


def test_the_first_page_names_what_is_not_saved(client, editor):
    autosave(client, title="Niedokończony artykuł")
    assert "Niedokończony artykuł" in client.get("/admin/").content.decode()


def test_a_failed_save_keeps_the_same_draft(client, editor):
    form = read(client.get(ADD))
    client.post(AUTOSAVE, {**form.fields, "title": "Bez treści"})
    answer = press(client, ADD, form, "_save_draft", title="Bez treści")
    assert read(answer).fields["_draft"] == form.fields["_draft"]
    assert fill(client, ADD).status_code == 200
    assert Draft.objects.count() == 1
