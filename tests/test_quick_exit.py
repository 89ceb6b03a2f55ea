"""Somebody comes into the room: the page is gone at once, and the Back button does not bring it back."""

import pytest

from tests.make import make_office, make_page

pytestmark = [pytest.mark.browser, pytest.mark.once]

BODY = "<p>Ktoś Cię krzywdzi.</p>" * 60


@pytest.fixture
def sensitive(live_server) -> str:
    make_office(quick_exit_url=f"{live_server}/mapa-strony/")
    make_page(slug="przemoc-domowa", title="Przemoc domowa", body=BODY)
    return f"{live_server}/przemoc-domowa/"


@pytest.fixture
def opened(live_server, sensitive, page):
    page.goto(f"{live_server}/kontakt/")
    page.goto(sensitive, wait_until="networkidle")
    return page


def expect_gone(page, live_server):
    page.wait_for_url("**/mapa-strony/")
    page.go_back()
    assert page.url == f"{live_server}/kontakt/"


def test_the_link_leaves_and_the_way_back_leads_past(live_server, opened):
    opened.click("[data-quick-exit]")
    expect_gone(opened, live_server)


def test_shift_three_times_leaves(live_server, opened):
    for _press in range(3):
        opened.keyboard.press("Shift")
    expect_gone(opened, live_server)


def test_typing_capital_letters_does_not_leave(opened, sensitive):
    for key in ("Shift", "a", "Shift", "b", "Shift", "Shift+C"):
        opened.keyboard.press(key)
    opened.wait_for_timeout(300)
    assert opened.url == sensitive


def test_it_is_reached_with_tab_first_in_the_content(opened):
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")  # skip to the content
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.hasAttribute('data-quick-exit')")


def test_it_works_without_scripts(live_server, sensitive, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sensitive)
    page.click("[data-quick-exit]")
    assert page.url == f"{live_server}/mapa-strony/"
    context.close()


@pytest.mark.parametrize("page", [(360, 740), (1366, 768)], indirect=True)
def test_it_stays_within_reach_however_far_one_has_read(opened):
    opened.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    opened.wait_for_timeout(200)
    box = opened.locator("[data-quick-exit]").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= opened.viewport_size["height"]
    assert box["height"] >= 44
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
