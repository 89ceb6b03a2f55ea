"""The first log-in and the later ones in Chromium: with a keyboard alone, under the strict policy, without scripts."""

import base64
import re

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.codes import code_now, code_of_key
from tests.make import make_user
from tests.test_admin_browser import violations

pytestmark = pytest.mark.browser
NO_WIDER = "document.documentElement.scrollWidth <= innerWidth"


def give_password(page, server: str, wanted: str = "/admin/news/article/"):
    page.goto(f"{server}/admin/login/?next={wanted}")
    page.locator("#id_username:focus").wait_for()
    page.keyboard.type("wanda")
    page.keyboard.press("Tab")
    page.keyboard.type("password")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("page", [(360, 740), (1366, 800)], indirect=True)
def test_the_first_log_in_from_the_password_to_the_list(live_server, page, page_problems):
    user = make_user("wanda", groups=["Wydawca"], email="wanda@jarzebin.example")
    page.goto(f"{live_server.url}/admin/login/")
    assert page.evaluate(NO_WIDER)
    give_password(page, live_server.url)
    page.wait_for_url("**/admin/telefon/**")
    assert page.evaluate(NO_WIDER)
    picture = page.locator("img.qr")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    page.click("text=Nie mogę użyć aparatu")
    found = violations(page)
    page_problems.clear()  # axe itself tries out styles, which the policy refuses
    key = base64.b32decode(page.inner_text(".key").replace(" ", "")).hex()
    page.fill("#id_code", "000 00")
    page.press("#id_code", "Enter")
    page.wait_for_selector(".errorlist")
    assert page.input_value("#id_code") == "000 00"
    page.fill("#id_code", code_of_key(key))
    page.press("#id_code", "Enter")
    page.wait_for_selector(".recovery-codes")
    found += violations(page)
    page_problems.clear()
    codes = page.locator(".recovery-codes li").all_inner_texts()
    with page.expect_download() as downloaded:
        page.click("text=Zapisz jako plik")
    assert downloaded.value.path().read_text().split() == codes
    page.click("text=Kody zachowane, dalej")
    page.wait_for_url("**/admin/news/article/")
    page.goto(f"{live_server.url}/admin/konto/")
    found += violations(page)
    page_problems.clear()
    assert found == []
    assert TOTPDevice.objects.get(user=user).key == key
    assert page.evaluate(NO_WIDER)


def test_a_later_log_in_with_the_keyboard_alone(live_server, page, page_problems):
    user = make_user("wanda", groups=["Wydawca"])
    TOTPDevice.objects.create(user=user, name="TOTP")
    give_password(page, live_server.url)
    page.wait_for_url("**/admin/kod/**")
    assert violations(page) == []
    page_problems.clear()
    page.locator("#id_code:focus").wait_for()
    page.keyboard.type(code_now(user))
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/news/article/")


def test_without_scripts_too(live_server, browser):
    user = make_user("wanda", groups=["Wydawca"])
    TOTPDevice.objects.create(user=user, name="TOTP")
    context = browser.new_context(java_script_enabled=False, locale="pl-PL")
    page = context.new_page()
    give_password(page, live_server.url)
    page.wait_for_url("**/admin/kod/**")
    page.fill("#id_code", code_now(user))
    page.press("#id_code", "Enter")
    page.wait_for_url("**/admin/news/article/")
    context.close()


def test_the_page_of_a_rest_says_what_to_do(live_server, page, page_problems):
    make_user("wanda", groups=["Wydawca"])
    for _attempt in range(5):
        page.goto(f"{live_server.url}/admin/login/")
        page.fill("#id_username", "wanda")
        page.fill("#id_password", "złe hasło")
        page.press("#id_password", "Enter")
        page.wait_for_selector(".errornote, h1:has-text('Za dużo')")
    page_problems.clear()  # the answer 429 stands in the console
    assert re.search(r"\d+ minut", page.inner_text("#content"))
    assert violations(page) == []
    page_problems.clear()
    page.click("text=Ustal nowe hasło")
    page.wait_for_url("**/admin/nie-pamietam-hasla/")
    assert violations(page) == []
    page_problems.clear()
