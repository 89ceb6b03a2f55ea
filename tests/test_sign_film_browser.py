"""The film in sign language, played in Chromium with the keyboard alone."""

import pytest

from tests.make import make_page
from tests.test_sign_film import make_film

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]


@pytest.mark.parametrize("page", [(360, 740), (1280, 900)], indirect=True)
def test_the_keyboard_plays_it_and_the_captions_are_shown(live_server, page):
    make_page(slug="dostepnosc")
    make_film()
    page.goto(f"{live_server.url}/dostepnosc/")
    video = page.locator("video")
    video.evaluate("film => film.readyState > 0 || new Promise(done => film.onloadedmetadata = done)")
    video.focus()
    page.keyboard.press("Space")
    video.evaluate("film => new Promise(done => film.ontimeupdate = () => film.currentTime > 0.2 && done())")
    page.keyboard.press("Space")
    assert video.evaluate("film => film.paused")
    assert video.evaluate("film => film.textTracks[0].mode") == "showing"
    # Into the middle, which the server must give without what comes before.
    video.evaluate("film => new Promise(done => { film.onseeked = done; film.currentTime = 3 })")
    video.evaluate(
        "film => film.textTracks[0].activeCues.length || new Promise(done => film.textTracks[0].oncuechange = done)"
    )
    assert video.evaluate("film => film.textTracks[0].activeCues[0].text") == "Pomagamy rodzinom"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    summary = page.locator(".transcript summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".transcript p").first.is_visible()
