"""Nothing typed is lost: the window is killed, the session ends, two editors write at once; all in Chromium."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from news.models import Article
from portal.editing.models import Draft
from tests.make import make_article, make_user

Error = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").Error
pytestmark = pytest.mark.browser
KEPT = "text=/Szkic zachowany o/"
ADD = "/admin/news/article/add/"


@pytest.fixture
def sign_in(live_server):
    def sign_in(page, *, username="ewa", to: str, **fields):
        """By the session's cookie; the log-in itself has tests of its own."""
        user = User.objects.filter(username=username).first() or make_user(username, groups=["Wydawca"], **fields)
        client = Client()  # of its own: signing in somebody else would end the session before
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{to}")

    return sign_in


def type_text(page, title: str, text: str):
    page.fill("#id_title", title)
    editor = page.locator(".cke_wysiwyg_div")
    editor.click()
    page.keyboard.type(text)


def test_a_killed_window_loses_nothing(browser, live_server, sign_in):
    context = browser.new_context(locale="pl-PL")
    page = context.new_page()
    sign_in(page, to=ADD)
    type_text(page, "Artykuł przed awarią", "Zdanie, którego nikt nie zapisał.")
    page.wait_for_selector(KEPT)
    with pytest.raises(Error):  # the renderer's process ends, as when a computer runs out of memory
        page.goto("chrome://crash", timeout=5000)
    assert not Article.objects.exists()
    again = context.new_page()
    again.goto(f"{live_server.url}{ADD}")
    again.click("text=Pisz dalej")
    assert again.input_value("#id_title") == "Artykuł przed awarią"
    assert "Zdanie, którego nikt nie zapisał." in again.locator(".cke_wysiwyg_div").inner_text()
    again.select_option("#id_category", index=1)
    again.click("button[name=_save_draft]")
    again.wait_for_url("**/admin/news/article/")
    assert Article.objects.get().title == "Artykuł przed awarią"
    assert not Draft.objects.filter(is_finished=False).values_list("title", "data").first()
    context.close()


def test_a_text_open_in_two_windows_goes_on_in_one_after_it_is_saved_in_the_other(browser, live_server, sign_in):
    context = browser.new_context(locale="pl-PL")
    first = context.new_page()
    sign_in(first, to=ADD)
    type_text(first, "W dwóch oknach", "Początek.")
    first.select_option("#id_category", index=1)
    first.wait_for_selector(KEPT)
    second = context.new_page()
    second.goto(f"{live_server.url}{ADD}?draft={Draft.objects.get().uid}")
    first.click("button[name=_save_draft]")
    first.wait_for_url("**/admin/news/article/")
    second.fill("#id_title", "W drugim oknie dalej")
    second.wait_for_selector(KEPT)
    assert [draft.title for draft in Draft.objects.filter(is_finished=False)] == ["W drugim oknie dalej"]
    context.close()


def test_a_form_that_was_only_opened_is_no_unsaved_text(browser, live_server, sign_in):
    context = browser.new_context(locale="pl-PL")
    page = context.new_page()
    sign_in(page, to=ADD)
    page.wait_for_selector(".cke_wysiwyg_div")
    # As the editor of rich text says it now and then when it has only loaded, and a browser that fills fields in.
    page.evaluate("Object.values(CKEDITOR.instances).forEach((editor) => editor.fire('change'))")
    page.dispatch_event("#id_title", "input")
    page.wait_for_timeout(2600)
    page.click("#site-name a")
    page.wait_for_url("**/admin/")
    assert not Draft.objects.exists()
    page.goto(f"{live_server.url}{ADD}")
    type_text(page, "", "Pół zdania")
    page.wait_for_selector(KEPT)
    assert "Pół zdania" in Draft.objects.get().data["body"][0]
    context.close()


def test_what_was_typed_in_the_last_second_is_kept_when_the_window_is_closed(browser, live_server, sign_in):
    context = browser.new_context(locale="pl-PL")
    page = context.new_page()
    sign_in(page, to=ADD)
    page.fill("#id_title", "Zamknięte od razu")
    page.close(run_before_unload=False)
    other = context.new_page()
    for _try in range(20):
        other.goto(f"{live_server.url}{ADD}")
        if other.locator("text=Zamknięte od razu").count():
            break
        other.wait_for_timeout(150)
    assert other.locator("text=Zamknięte od razu").count()
    context.close()


def test_a_session_that_ended_loses_nothing_and_the_form_goes_on_after_signing_in(page, live_server, sign_in):
    sign_in(page, to=ADD)
    type_text(page, "Pisane długo", "Pierwsza część.")
    page.wait_for_selector(KEPT)
    Session.objects.all().delete()
    page.locator(".cke_wysiwyg_div").click()
    page.keyboard.type(" Druga część.")
    page.wait_for_selector("text=Nastąpiło wylogowanie")
    sign_in(page.context.new_page(), to="/admin/")
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_selector(KEPT)
    assert "Druga część" in Draft.objects.get().data["body"][0]
    page.select_option("#id_category", index=1)
    page.click("button[name=_save_draft]")
    page.wait_for_url("**/admin/news/article/")
    assert "Druga część" in Article.objects.get().body


def test_leaving_with_unsaved_text_warns(page, live_server, sign_in):
    sign_in(page, to=ADD)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.fill("#id_title", "Niezapisane")
    page.click("#site-name a", no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.input_value("#id_title") == "Niezapisane"


def test_without_a_connection_the_text_stays_and_that_is_said(page, page_problems, live_server, sign_in):
    sign_in(page, to=ADD)
    page.route("**/autosave/", lambda route: route.abort())
    page.fill("#id_title", "Bez sieci")
    page.wait_for_selector("text=Brak połączenia")
    page.unroute("**/autosave/")
    page_problems.clear()  # Chromium names the request that failed
    page.wait_for_selector(KEPT, timeout=10_000)
    assert Draft.objects.filter(title="Bez sieci").exists()


def test_two_editors_at_once_see_both_texts_and_neither_is_lost(browser, live_server, sign_in):
    article = make_article(title="Kiermasz", lead="Wstęp, jaki był")
    form = f"/admin/news/article/{article.pk}/change/"
    pages = []
    for username, name in (("ewa", "Ewa"), ("olga", "Olga")):
        page = browser.new_context(locale="pl-PL").new_page()
        sign_in(page, username=username, to=form, first_name=name, last_name="Modrzycka")
        pages.append(page)
    first, second = pages
    first.fill("#id_lead", "Wstęp pierwszej redaktorki")
    second.fill("#id_lead", "Wstęp drugiej redaktorki")
    first.click("button[name=_save]")
    first.wait_for_url("**/admin/news/article/")
    second.click("button[name=_save]")
    second.wait_for_selector("text=Dwa teksty: Ewa Modrzycka")
    table = second.locator(".conflict-table").inner_text()
    assert "pierwszej" in table and "drugiej" in table
    assert second.input_value("#id_lead") == "Wstęp drugiej redaktorki"
    assert Article.objects.get().lead == "Wstęp pierwszej redaktorki"
    second.click("text=Zapisz mój tekst zamiast zapisanego")
    second.wait_for_url("**/admin/news/article/")
    assert Article.objects.get().lead == "Wstęp drugiej redaktorki"
    second.goto(f"{live_server.url}/admin/news/article/{article.pk}/history/")
    newest = second.locator(".versions > li").first
    assert "Olga Modrzycka" in newest.inner_text()
    assert newest.locator("del").all_text_contents() == ["pierwszej "]
    assert newest.locator("ins").all_text_contents() == ["drugiej "]
    before = second.locator(".versions > li").nth(1)
    assert "Ewa Modrzycka" in before.inner_text() and "Wstęp pierwszej redaktorki" in before.inner_text()
    for page in pages:
        page.context.close()


def test_the_page_can_be_seen_without_saving_and_the_form_stays_open(page, live_server, sign_in):
    article = make_article(lead="Dawny wstęp")
    sign_in(page, to=f"/admin/news/article/{article.pk}/change/")
    page.fill("#id_lead", "Wstęp na próbę")
    with page.expect_popup() as opened:
        page.click("button[name=_look]")
    assert "Wstęp na próbę" in opened.value.locator("main").inner_text()
    assert page.input_value("#id_lead") == "Wstęp na próbę"
    assert Article.objects.get().lead == "Dawny wstęp"
