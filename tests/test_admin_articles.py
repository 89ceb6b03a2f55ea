"""An editor at work on articles: writing, publishing, scheduling, searching, and two editors at once."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news.models import Article, Category
from portal.content.publishing import Status
from portal.counters.models import ViewTotal, set_start_value
from portal.search.sources import refresh
from tests.forms import fill, press, read
from tests.make import in_days, make_article, make_attachment, make_notice, make_photo, make_user

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/news/article/", "/admin/news/article/add/"


def form_of(article) -> str:
    return reverse("admin:news_article_change", args=[article.pk])


def day_and_hour(moment) -> dict:
    local = timezone.localtime(moment)
    return {"publish_at_0": f"{local:%d.%m.%Y}", "publish_at_1": f"{local:%H:%M}"}


def titles(response) -> list[str]:
    return [str(row) for row in response.context["cl"].result_list]


@pytest.fixture
def publisher(client):
    user = make_user(groups=["Wydawca"], first_name="Ewa", last_name="Modrzycka")
    client.force_login(user)
    return user


@pytest.fixture
def text():
    category = Category.objects.get(slug="aktualnosci").pk
    return {"category": category, "title": "Żółte światło", "lead": "Krótko.", "body": "<p>Treść.</p>"}


# --- Writing and publishing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "status"),
    [
        ("_save_draft", Status.DRAFT),
        ("_continue", Status.DRAFT),
        ("_to_review", Status.REVIEW),
        ("_publish", Status.PUBLISHED),
    ],
)
def test_the_button_decides_what_becomes_of_a_new_article(client, publisher, text, button, status):
    fill(client, ADD, button, **text)
    article = Article.objects.get()
    assert (article.status, article.slug) == (status, "zolte-swiatlo")
    assert article.is_published == (status == Status.PUBLISHED)


def test_published_now_is_visible_in_public_at_once(client, publisher, text):
    fill(client, ADD, "_publish", **text)
    assert Client().get("/aktualnosci/zolte-swiatlo/").status_code == 200


def test_a_time_to_come_schedules_and_the_button_says_when(client, publisher, text):
    moment = in_days(3)
    fill(client, ADD, "_save_draft", **text, **day_and_hour(moment))
    page = client.get(form_of(Article.objects.get()))
    local = timezone.localtime(moment)
    assert f"{local.hour}:{local:%M}" in next(b.label for b in page.context["buttons"] if b.name == "_publish")
    fill(client, form_of(Article.objects.get()), "_publish")
    article = Article.objects.get()
    assert article.is_scheduled
    assert article.publish_at == moment.replace(second=0, microsecond=0)
    assert Client().get(article.get_absolute_url()).status_code == 404


def test_saving_changes_of_a_published_article_keeps_it_published(client, publisher):
    article = make_article()
    fill(client, form_of(article), "_save", lead="Nowy wstęp.")
    article.refresh_from_db()
    assert (article.lead, article.status) == ("Nowy wstęp.", Status.PUBLISHED)


def test_a_published_article_can_be_archived_and_taken_back(client, publisher):
    article = make_article()
    fill(client, form_of(article), "_archive")
    assert Article.objects.get().is_archived
    fill(client, form_of(article), "_publish")
    assert Article.objects.get().is_published
    fill(client, form_of(article), "_save_draft")
    assert Article.objects.get().status == Status.DRAFT


def test_enter_in_a_text_field_changes_no_status(client, publisher):
    """The first button of a form is the one that Enter presses."""
    assert read(client.get(ADD)).buttons[0] == "_continue"
    article = make_article(status="review")
    fill(client, form_of(article), read(client.get(form_of(article))).buttons[0])
    assert Article.objects.get().status == Status.REVIEW


def test_an_end_before_the_beginning_is_refused_beside_its_field_and_nothing_typed_is_lost(client, publisher, text):
    answer = fill(client, ADD, "_publish", **text, expire_at_0="01.01.2020", expire_at_1="12:00")
    assert "expire_at" in answer.context["adminform"].form.errors
    assert read(answer).fields["title"] == ["Żółte światło"]
    assert {"_save_draft", "_to_review", "_publish"} <= set(read(answer).buttons)
    assert not Article.objects.exists()


def test_save_and_preview_leads_to_the_real_page(client, publisher, text):
    answer = fill(client, ADD, "_preview", **text)
    assert answer.url == "/aktualnosci/zolte-swiatlo/"
    assert client.get(answer.url).status_code == 200


def test_the_form_of_a_draft_links_to_its_preview(client, publisher):
    article = make_article(status="draft")
    assert article.get_absolute_url() in [tool.url for tool in client.get(form_of(article)).context["tools"]]


def test_an_address_changed_by_hand_leads_on_from_the_old_one(client, publisher):
    article = make_article(title="Dzień Matki")
    fill(client, form_of(article), slug="dzien-mamy")
    answer = Client().get("/aktualnosci/dzien-matki/")
    assert (answer.status_code, answer.url) == (301, "/aktualnosci/dzien-mamy/")


def test_what_the_old_site_counted_is_taken_over(client, publisher):
    article = make_article()
    fill(client, form_of(article), views_before="451")
    assert ViewTotal.objects.get(object_id=article.pk).total == 451
    assert read(client.get(form_of(article))).fields["views_before"] == ["451"]


def test_an_attachment_is_what_its_content_is(client, publisher):
    article = make_article()
    rows = {"attachments-TOTAL_FORMS": "1", "attachments-0-title": "Wniosek"}
    file = SimpleUploadedFile("wniosek.pdf", b"MZ\x90 not a PDF at all")
    answer = fill(client, form_of(article), **rows, **{"attachments-0-file": file})
    assert "attachments" in answer.content.decode() and answer.status_code == 200
    assert not article.attachments.exists()
    file = SimpleUploadedFile("wniosek.exe", b"%PDF-1.4\n%%EOF\n")
    fill(client, form_of(article), **rows, **{"attachments-0-file": file})
    assert article.attachments.get().name == "wniosek.pdf"


def test_the_attachment_in_the_form_leads_to_the_file(client, publisher):
    article = make_article(status="draft")
    attachment = make_attachment(article)
    page = client.get(form_of(article)).content.decode()
    assert attachment.get_absolute_url() in page
    assert client.get(attachment.get_absolute_url(), follow=True).status_code == 200


# --- Two editors ------------------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_overwrites_nothing_and_keeps_the_text(client, publisher):
    article = make_article()
    opened = read(client.get(form_of(article)))
    other = Client()
    other.force_login(make_user(groups=["Wydawca"], first_name="Marcin", last_name="Wierzbanowski"))
    fill(other, form_of(article), lead="Tekst Marcina")
    answer = press(client, form_of(article), opened, lead="Tekst Ewy")
    assert "Marcin Wierzbanowski" in answer.content.decode()
    assert read(answer).fields["lead"] == ["Tekst Ewy"]
    assert Article.objects.get().lead == "Tekst Marcina"
    # The same again changes nothing: a hurried second click must not overwrite either.
    press(client, form_of(article), read(answer))
    assert Article.objects.get().lead == "Tekst Marcina"


def test_who_has_compared_may_replace_the_other_version_but_not_a_third(client, publisher):
    article = make_article()
    opened = read(client.get(form_of(article)))
    Article.objects.get().save()
    conflict = read(press(client, form_of(article), opened, lead="Tekst Ewy"))
    accepted = Article.objects.get().updated_at.isoformat()
    Article.objects.get().save()
    press(client, form_of(article), conflict, _overwrite=accepted)
    assert Article.objects.get().lead != "Tekst Ewy"
    press(client, form_of(article), conflict, _overwrite=Article.objects.get().updated_at.isoformat())
    assert Article.objects.get().lead == "Tekst Ewy"


# --- The list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["łódź", "ŁÓDŹ", "lodz", "Zolta LODZ", "żółta"])
def test_the_search_of_the_list_finds_polish_letters_however_they_are_typed(client, publisher, words):
    make_article(title="Żółta łódź")
    make_article(title="Co innego")
    assert titles(client.get(LIST, {"q": words})) == ["Żółta łódź"]


@pytest.fixture
def only_by_index(monkeypatch):
    monkeypatch.setattr("portal.search.admin.READ", 1)


@pytest.mark.parametrize("words", ["łódź", "lodz", "zolta łódź", "żół", "łodzią", "7", "zol lo"])
def test_among_very_many_the_search_goes_by_the_index(client, publisher, only_by_index, words):
    for title, status in [("Żółta łódź (7)", "draft"), ("Co innego (77)", "draft"), ("Ostatni", "published")]:
        refresh(Article, [make_article(title=title, status=status).pk])
    assert titles(client.get(LIST, {"q": words})) == ["Żółta łódź (7)"]


@pytest.mark.parametrize("words", ["\0", "a" * 10_000, "dom " * 3000, "%_'\"<>"])
def test_the_search_of_the_list_survives_anything(client, publisher, words):
    make_article()
    assert client.get(LIST, {"q": words}).status_code == 200
    chosen = {"app_label": "news", "model_name": "article", "field_name": "institutions", "term": words}
    assert client.get("/admin/autocomplete/", chosen).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["?when=nonsense", "?status=x", "?photos=x", "?p=9999", "?p=x", "?category__id__exact=x", "?year=x", "?year=99999"],
)
def test_a_mistyped_filter_is_no_error(client, publisher, query):
    make_article()
    assert client.get(LIST + query, follow=True).status_code == 200


@pytest.mark.parametrize(
    "query", ["?event=abc", "?event=999999", "?institutions=a,b", "?category=x", "?unit=" + "9" * 40]
)
def test_a_mistyped_address_of_a_new_form_is_no_error(client, publisher, query):
    assert client.get(ADD + query).status_code == 200


def test_filters_tell_the_visible_from_the_scheduled_and_the_ended(client, publisher):
    make_article(title="widoczny")
    make_article(title="jutro", publish_at=timezone.now() + timedelta(hours=20))
    make_article(title="za tydzień", publish_at=in_days(6))
    make_article(title="znika", expire_at=in_days(3))
    make_article(title="zniknął", expire_at=in_days(-1))
    make_article(title="szkic", status="draft")
    found = {
        when: set(titles(client.get(LIST, {"when": when})))
        for when in ["visible", "scheduled", "soon", "expiring", "expired"]
    }
    assert found == {
        "visible": {"widoczny", "znika"},
        "scheduled": {"jutro", "za tydzień"},
        "soon": {"jutro"},
        "expiring": {"znika"},
        "expired": {"zniknął"},
    }
    assert titles(client.get(LIST, {"status": "draft"})) == ["szkic"]


def test_the_years_in_which_something_was_published_are_a_filter(client, publisher):
    make_article(title="dawny", publish_at=timezone.now().replace(year=2021, month=7))
    make_article(title="nowy", publish_at=timezone.now().replace(year=2024, month=7))
    assert titles(client.get(LIST, {"year": "2021"})) == ["dawny"]
    page = client.get(LIST).content.decode()
    assert all(f"?year={year}" in page for year in (2021, 2022, 2023, 2024))
    assert client.get("/admin/news/notice/").status_code == 200  # where there is none yet


def test_the_list_says_status_in_words_with_cover_and_views(client, publisher):
    article = make_article(publish_at=in_days(2))
    photo = make_photo(article)
    set_start_value(article, 7351)
    page = client.get(LIST).content.decode()
    assert photo.small_url in page
    assert "state-scheduled" in page
    assert "7351" in page


def test_the_list_asks_as_many_queries_for_thirty_articles_as_for_three(client, publisher):
    def queries() -> int:
        client.get(LIST)  # what is cached once per process is no part of it
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    def add(count: int):
        for _number in range(count):
            make_photo(make_article())
            make_notice()

    add(3)
    few = queries()
    add(27)
    assert queries() == few


@pytest.mark.parametrize(
    ("action", "status"),
    [("publish_selected", Status.PUBLISHED), ("review_selected", Status.REVIEW), ("archive_selected", Status.ARCHIVED)],
)
def test_actions_change_the_chosen_ones_and_are_logged(client, publisher, action, status):
    chosen, left = make_article(status="draft", publish_at=None), make_article(status="draft", publish_at=None)
    client.post(LIST, {"action": action, "_selected_action": [chosen.pk]})
    chosen.refresh_from_db()
    left.refresh_from_db()
    assert (chosen.status, left.status) == (status, Status.DRAFT)
    assert LogEntry.objects.get().object_id == str(chosen.pk)


def test_an_action_that_cannot_be_done_says_why_and_does_the_rest(client, publisher):
    ended = make_article(status="draft", publish_at=None, expire_at=in_days(-1))
    other = make_article(status="draft", publish_at=None)
    answer = client.post(LIST, {"action": "publish_selected", "_selected_action": [ended.pk, other.pk]}, follow=True)
    ended.refresh_from_db()
    other.refresh_from_db()
    assert (ended.status, other.status) == (Status.DRAFT, Status.PUBLISHED)
    assert ended.title in answer.content.decode()


# --- The board --------------------------------------------------------------------------------------------------------


def test_the_board_names_what_waits_and_its_links_show_exactly_that(client, publisher):
    make_article(title="Do przeczytania", status="review")
    make_article(title="Na jutro", publish_at=timezone.now() + timedelta(hours=20))
    make_photo(make_article(title="Bez opisu"), alt="")
    make_notice(title="Termin mija", deadline_at=in_days(2))
    make_article(title="Zwykły")
    board = client.get("/admin/").context["board"]
    lines = [line for _heading, found in board for line in found]
    assert {title for line in lines for title, _url in line.items} == {
        "Do przeczytania",
        "Na jutro",
        "Bez opisu",
        "Termin mija",
    }
    for line in lines:
        assert titles(client.get(line.url)) == [title for title, _url in line.items]


def test_the_board_is_empty_when_nothing_waits(client, publisher):
    make_article()
    assert client.get("/admin/").context["board"] == []
