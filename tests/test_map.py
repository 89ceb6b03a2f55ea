"""The map of the directory in a browser: by keyboard, under the strict policy, and only when it is looked at."""

import pytest

from tests.make import make_institution

pytestmark = pytest.mark.browser
LIST = "/placowki/"


def test_the_map_is_walked_with_the_keyboard(live_server, page):
    make_institution(name="Dom „Źródło”", latitude=49.742, longitude=21.815)
    make_institution(name="Ośrodek w Olszynach", latitude=49.733, longitude=21.948)
    page.goto(live_server.url + LIST)
    pin = page.get_by_role("button", name="Dom „Źródło”")
    pin.focus()
    page.keyboard.press("Enter")
    link = page.locator(".map-popup a")
    assert link.evaluate("element => element === document.activeElement")
    page.keyboard.press("Escape")
    link.wait_for(state="detached")
    assert pin.evaluate("element => element === document.activeElement")
    page.keyboard.press("Enter")
    link.press("Enter")
    page.wait_for_url("**/placowki/dom-zrodlo/")


@pytest.mark.parametrize("page", [(360, 740)], indirect=True)
def test_a_small_screen_does_not_load_the_map_before_it_is_reached(live_server, page):
    for number in range(12):
        make_institution(name=f"Dom {number}", lead="Dom dla osób starszych i chorych.", latitude=49.7, longitude=21.8)
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(live_server.url + LIST, wait_until="networkidle")
    assert not any("leaflet" in url for url in loaded)
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector(".map-pin")
