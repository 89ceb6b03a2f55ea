"""Checks while writing in the editors' forms: the panel, what is refused, what the script asks, Chromium."""

import json
import re

import pytest
from django.urls import reverse

from news.models import Article, Category
from portal.content.richtext import MOST_CHARACTERS
from tests.forms import fill, read
from tests.make import make_article, make_event, make_institution, make_notice, make_page, make_photo, make_user
from tests.test_admin_browser import sign_in, violations  # noqa: F401

PESEL = "44051401359"
CARD = "4111 1111 1111 1111"
CHECK = "/admin/sprawdz-tekst/"


@pytest.fixture
def publisher(client, db):
    client.force_login(make_user(groups=["Wydawca"]))
    return client


def add(client, **fields):
    category = Category.objects.get(slug="aktualnosci").pk
    return fill(client, "/admin/news/article/add/", **{"title": "Nabór", "category": category, **fields})


def form_of(obj) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def codes(response) -> list[str]:
    return re.findall(r'data-code="([\w-]+)"', response.content.decode())


# --- The panel --------------------------------------------------------------------------------------------------------


def test_an_opened_form_shows_what_is_to_be_mended(publisher):
    article = make_article(body="<h3>Termin</h3><p>Wniosek jest <a href='/kontakt'>tutaj</a>.</p>")
    response = publisher.get(form_of(article))
    assert codes(response) == ["heading-jump", "vague-link", "moved-page"]
    page = response.content.decode()
    assert 'href="#id_body" data-field="id_body" data-snippet="Termin" data-nth="0"' in page


def test_a_good_text_and_an_empty_form_have_nothing_to_mend(publisher):
    assert codes(publisher.get(form_of(make_article()))) == []
    assert 'class="text-check"' in publisher.get("/admin/news/article/add/").content.decode()


def test_what_was_sent_with_an_error_is_checked_as_it_was_sent(publisher):
    response = add(publisher, title="", body="<h4>Termin</h4>")
    assert codes(response) == ["heading-jump"]


def test_the_words_of_a_text_are_never_markup_in_the_panel(publisher):
    article = make_article(body="<h3>&lt;img src=x onerror=alert(1)&gt;</h3>")
    assert "<img src=x" not in publisher.get(form_of(article)).content.decode()


def test_who_may_only_look_sees_no_panel_that_breaks(client, db):
    client.force_login(make_user(groups=["Redaktor"]))
    assert client.get(form_of(make_article(body="<h3>Termin</h3>"))).status_code == 200


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["title", "lead", "body", "text_credit"])
@pytest.mark.parametrize("number", [PESEL, CARD])
def test_a_private_number_is_refused_beside_its_field(publisher, field, number):
    response = add(publisher, **{"body": "<p>Treść.</p>", field: f"Sprawa {number}"})
    form = response.context["adminform"].form
    assert list(form.errors) == [field]
    assert number not in "".join(form.errors[field])
    assert number in read(response).fields[field][0]  # nothing typed is lost
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (make_notice, "summary"),
        (make_notice, "body"),
        (make_event, "description"),
        (make_institution, "description"),
        (make_page, "lead"),
        (make_page, "body"),
    ],
)
def test_every_section_refuses_it(publisher, make, field):
    obj = make()
    response = fill(publisher, form_of(obj), **{field: f"<p>PESEL {PESEL}</p>"})
    assert field in response.context["adminform"].form.errors
    obj.refresh_from_db()
    assert PESEL not in getattr(obj, field)


@pytest.mark.parametrize(
    ("address", "fields", "named"),
    [
        ("/admin/pages/banner/add/", {"text": f"Karta {CARD}"}, "text"),
        ("/admin/pages/tile/add/", {"title": f"PESEL {PESEL}", "url": "/kontakt/"}, "title"),
        ("/admin/institutions/fundedproject/add/", {"description": f"<p>Karta {CARD}</p>"}, "description"),
    ],
)
def test_small_forms_refuse_it_too(publisher, address, fields, named):
    response = fill(publisher, address, **fields)
    assert CARD not in str(response.context["adminform"].form.errors[named])


def test_rows_refuse_it_too_and_nothing_is_half_saved(publisher):
    article = make_article(title="Stary tytuł")
    photo = make_photo(article)
    response = fill(publisher, form_of(article), title="Nowy tytuł", **{"photos-0-caption": f"Karta {CARD}"})
    (row,) = [form for formset in response.context["inline_admin_formsets"] for form in formset.formset if form.errors]
    assert list(row.errors) == ["caption"]
    article.refresh_from_db()
    photo.refresh_from_db()
    assert (article.title, photo.caption) == ("Stary tytuł", "")


def test_a_row_that_is_deleted_may_hold_anything(publisher):
    article = make_article()
    make_photo(article)
    fields = {"photos-0-caption": f"Karta {CARD}", "photos-0-DELETE": "on"}
    assert fill(publisher, form_of(article), **fields).status_code == 302
    assert not article.photos.exists()


def test_a_warning_keeps_nothing_from_being_saved(publisher):
    assert add(publisher, body="<h4>TERMIN SKŁADANIA WNIOSKÓW MIJA</h4>").status_code == 302
    assert Article.objects.exists()


# --- Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ('<p><a href="javascript:alert(1)">Wniosek</a></p>', '<p><a rel="noopener">Wniosek</a></p>'),
        ("<p>Przed <svg onload=alert(1)></svg>po</p>", "<p>Przed po</p>"),
        ("<p>Treść</p><iframe src='https://evil.example'></iframe>", "<p>Treść</p>"),
    ],
)
def test_hostile_html_is_saved_without_what_makes_it_hostile(publisher, body, kept):
    assert add(publisher, body=body).status_code == 302
    assert Article.objects.get().body == kept


def test_nested_tables_are_saved_and_named(publisher):
    inner = "<table><tbody><tr><td>c</td></tr></tbody></table>"
    nested = f"<table><tbody><tr><th>a</th></tr><tr><td>b{inner}</td></tr></tbody></table>"
    response = add(publisher, body=nested)
    assert response.status_code == 302
    assert codes(publisher.get(response["Location"].partition("#")[0])) == ["nested-table"]


@pytest.mark.parametrize("piece", ["Bardzo długi tekst. ", "<p>ą</p>", "<div>", "<table><tr><td>"])
def test_a_megabyte_of_text_is_answered_with_a_message_and_nothing_is_saved(publisher, piece):
    body = piece * (1_000_000 // len(piece))
    response = add(publisher, body=body)
    (message,) = response.context["adminform"].form.errors["body"]
    assert str(len(body)) in message and str(MOST_CHARACTERS) in message
    assert not Article.objects.exists()


def test_a_long_text_that_fits_is_saved_whole(publisher):
    body = "<p>Zażółć gęślą jaźń.</p>" * 19_000
    assert add(publisher, body=body).status_code == 302
    assert Article.objects.get().body == body


def test_a_bottomless_pit_of_elements_leaves_its_words(publisher):
    assert add(publisher, body="<div>" * 50_000 + "słowa").status_code == 302
    assert Article.objects.get().body == "słowa"


# --- The address that the script asks ---------------------------------------------------------------------------------


def ask(client, *texts, **more):
    return client.post(CHECK, json.dumps({"texts": list(texts)}), content_type="application/json", **more)


def text(value, **more):
    return {"field": "id_body", "label": "Treść", "value": value, "isRich": True, **more}


def test_the_script_gets_the_panel(publisher):
    response = ask(publisher, text("<h3>Termin</h3>"), {"field": "id_title", "label": "Tytuł", "value": PESEL})
    assert codes(response) == ["pesel", "heading-jump"]
    assert PESEL not in re.sub(r'data-snippet="\d+"', "", response.content.decode())
    assert codes(ask(publisher, text("", pasted=["picture", "word", "x", 5]))) == ["picture-removed", "word-cleaned"]
    assert codes(ask(publisher)) == []


def test_it_answers_staff_only_and_wants_the_token(client, db):
    assert ask(client, text("x")).status_code == 302
    client.force_login(make_user(is_staff=False))
    assert ask(client, text("x")).status_code == 302
    client.force_login(make_user(groups=["Redaktor"]))
    assert ask(client, text("x")).status_code == 200
    assert client.get(CHECK).status_code == 405
    client.handler.enforce_csrf_checks = True
    assert ask(client, text("x")).status_code == 403


@pytest.mark.parametrize(
    "body",
    ["", "x", "[]", "{}", '{"texts": 5}', '{"texts": [5]}', '{"texts": [{"field": 1, "label": "", "value": ""}]}',
     '{"texts": [{"field": "a", "label": "b", "value": null}]}', '{"texts": null}', "[" * 100_000, b"\xff\xfe",
     '{"texts": [{"field": "a", "label": "b", "value": "x", "isRich": true, "pasted": 5}]}'],
)  # fmt: skip
def test_nonsense_is_answered_with_400(publisher, body):
    assert publisher.post(CHECK, body, content_type="application/json").status_code == 400


def test_too_much_is_refused_and_a_long_text_named(publisher):
    assert ask(publisher, text("a" * 2_100_000)).status_code == 413
    assert codes(ask(publisher, text("a" * 600_000))) == ["too-long"]


def test_lone_surrogates_and_nul_bytes_are_text_too(publisher):
    assert ask(publisher, text("\x00<p>a\ud800b</p>")).status_code == 200


# --- In Chromium ------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_an_editor_sees_a_finding_while_writing_and_a_click_leads_to_the_place(
    live_server,
    page,
    page_problems,
    sign_in,  # noqa: F811
):
    sign_in("Wydawca", to="/admin/")
    article = make_article(
        status="draft", body="<h2>Zasady</h2>" + "<p>Zwykły akapit.</p>" * 30 + "<p>Termin mija.</p>"
    )
    page.goto(f"{live_server.url}{form_of(article)}")
    editor = page.locator(".cke_wysiwyg_div[contenteditable=true]")
    editor.wait_for()
    assert page.locator(".text-check-list").count() == 0
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("ZAPRASZAMY WSZYSTKICH MIESZKAŃCÓW POWIATU do nas.")
    finding = page.locator(".text-check-list li[data-code=capitals] a")
    finding.wait_for()
    assert "1" in page.locator(".text-check-count").inner_text()
    page.fill("#id_title", f"Nabór {PESEL}")
    page.locator(".text-check-list li[data-code=pesel]").wait_for()
    assert violations(page) == []
    finding.click()
    assert page.evaluate("String(document.getSelection())") == "ZAPRASZAMY WSZYSTKICH MIESZKAŃCÓW POWIATU"
    assert page.evaluate("document.activeElement.isContentEditable")
    page.locator(".text-check-list li[data-code=pesel] a").focus()
    page.keyboard.press("Enter")
    selected = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert page.evaluate(selected) == PESEL
    page.fill("#id_title", "Nabór")
    page.locator(".text-check-list li[data-code=pesel]").wait_for(state="detached")
    page_problems.clear()  # Chromium names the draft that was refused for the number in it


@pytest.mark.browser
def test_a_paste_from_word_with_a_picture_is_named(live_server, page, sign_in):  # noqa: F811
    sign_in("Wydawca", to="/admin/news/article/add/")
    editor = page.locator(".cke_wysiwyg_div[contenteditable=true]")
    editor.wait_for()
    editor.click()
    html = "<p class='MsoNormal' style='mso-x:1'>Z Worda <img src='data:image/png;base64,AA=='></p>"
    page.evaluate(
        """html => CKEDITOR.instances.id_body.fire("paste", {
            type: "html", dataValue: html, method: "paste", dataTransfer: new CKEDITOR.plugins.clipboard.dataTransfer()
        })""",
        html,
    )
    page.locator(".text-check-list li[data-code=picture-removed]").wait_for()
    page.locator(".text-check-list li[data-code=word-cleaned]").wait_for()
