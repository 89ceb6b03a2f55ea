"""The cookies policy says all that the site keeps in a browser: compared with what Chromium has after a walk."""

import pytest
from django.urls import reverse

from portal.statutory import kept
from tests.make import make_article, make_office, make_page, make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]


def in_browser(page) -> set[str]:
    storage = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return {cookie["name"] for cookie in page.context.cookies()} | set(storage)


def test_a_reader_keeps_nothing_and_staff_only_what_the_policy_names(live_server, page):
    make_office()
    make_page(slug="polityka-cookies")
    article = make_article()
    make_user("redaktor", groups=["Wydawca"])
    for address in ("/", article.get_absolute_url(), "/dostepnosc/zglos/", "/szukaj/?q=dom", "/polityka-cookies/"):
        page.goto(live_server.url + address)
        assert in_browser(page) == set(), address
    for name in kept.everything():
        assert page.get_by_text(name.name, exact=True).count() == 1
    page.locator('[data-preference="text"]').click()
    page.locator('[data-preference="contrast"]').click()
    assert in_browser(page) == {"text", "contrast"}
    page.goto(f"{live_server.url}{reverse('admin:login')}")
    page.fill("#id_username", "redaktor")
    page.fill("#id_password", "password")
    page.locator("form [type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(f"{live_server.url}{reverse('admin:news_article_change', args=[article.pk])}")
    page.wait_for_load_state()
    named = {item.name for item in kept.everything()}
    assert {"text", "contrast"} < in_browser(page)
    assert in_browser(page) - named == set()
