"""Many photos dropped into the form at once, in Chromium, into a real gunicorn: each answered, none lost.

The forty of twelve megapixels are `python3 run.py bench photos`; here are a dozen small ones of the same kinds.
"""

import pytest
from django.conf import settings
from django.test import Client

from news.models import Article
from portal.content import photo_tokens
from portal.pages.bench.photos import made, watching
from portal.pages.bench.server import running
from tests.make import make_article, make_user
from tests.test_photo_server import place  # noqa: F401

pytestmark = pytest.mark.browser
DROP = """() => {
    const dataTransfer = new DataTransfer();
    for (const file of document.querySelector("#carrier").files) dataTransfer.items.add(file);
    const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector(".photos").dispatchEvent(event);
}"""
ORDER = "[...document.querySelectorAll('.photo-card')].map(card => card.dataset.row.slice(-1)).join('')"
PICTURE_IN_ITS_BOX = """() => {
    const image = document.querySelector("[data-row=photos-0] img"), box = image.getBoundingClientRect();
    const width = image.naturalWidth * Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight);
    return { left: (box.width - width) / 2, width, height: box.height };
}"""
LISTEN = """() => {
    window.heard = 0;
    document.querySelector("#article_form").addEventListener("input", () => { window.heard += 1; });
}"""


@pytest.fixture
def form(place, page, own_database):  # noqa: F811
    """A page with the form of an article, open in Chromium, on a real server; and that server's article."""
    article = make_article(title="Festyn")
    with running("portal.wsgi", 2, **place) as server:
        client = Client()
        client.force_login(make_user(groups=["Wydawca"]))
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        page.context.add_cookies([cookie | {"url": server.address}])
        page.goto(f"{server.address}/admin/news/article/{article.pk}/change/")
        yield page, server, article
        page.goto("about:blank")  # before its server ends


def cards(page):
    return page.locator("#photos-group .photo-card")


def drop(page, files):
    """As a drop from the desktop: the files are real ones, which Chromium reads from the disk."""
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<input type=file multiple id=carrier hidden>')")
    page.set_input_files("#carrier", files)
    page.evaluate(DROP)


def all_sent(page, done: int, every: int):
    page.wait_for_function(
        "([done, every]) => document.querySelector('.photo-drop__state').textContent.startsWith(`${done} z ${every} `)",
        arg=[done, every],
        timeout=60_000,
    )


def test_a_dozen_files_in_one_drop_with_a_broken_one_among_them(form, tmp_path, page_problems):
    page, server, article = form
    files = made.files(tmp_path, count=12, megapixels=1, broken=[5])
    with watching.memory(server) as seen:
        drop(page, files)
        assert cards(page).count() == 12
        all_sent(page, 11, 12)
    assert seen.peak < 400 * 1024**2
    failed = page.locator(".photo-card.has-failed")
    assert failed.count() == 1
    assert "zepsute" in failed.locator(".photo-card__name").inner_text()
    assert "nie" in failed.locator(".photo-card__sending").inner_text()

    page.click("button[name=_save]")  # not with a failed one: it would be lost without a word
    assert "Niektórych zdjęć" in page.locator(".photo-drop__state").inner_text()
    failed.locator("[data-remove]").click()
    page.fill("#id_new_photos_author", "Ewa Modrzycka")
    page.select_option("#id_new_photos_basis", "no_people")
    page.click("[data-set-all]")
    for number in range(12):
        if page.locator(f"#id_photos-{number}-alt").count():
            page.fill(f"#id_photos-{number}-alt", f"Zdjęcie {number}")
    page.click("button[name=_continue]:not(.visually-hidden)")
    page.wait_for_load_state()
    photos = list(article.photos.all())
    assert [photo.alt for photo in photos] == [f"Zdjęcie {number}" for number in range(12) if number != 5]
    assert {(photo.author, photo.consent_basis) for photo in photos} == {("Ewa Modrzycka", "no_people")}
    page_problems[:] = [text for text in page_problems if "422" not in text]  # the refused one


def test_saving_waits_until_the_last_photo_is_there(form, tmp_path):
    page, _server, article = form
    files = made.files(tmp_path, count=4, megapixels=2)
    page.set_input_files("#id_new_photos", files)
    page.click("button[name=_continue]:not(.visually-hidden)")
    assert "zapisze się" in page.locator(".photo-drop__state").inner_text()
    page.wait_for_selector(".photo-card.has_original", timeout=60_000)
    assert article.photos.count() == 4


def test_a_lost_connection_is_tried_again_and_then_left_to_the_editor(form, tmp_path, page_problems):
    page, _server, _article = form
    page.route("**/wyslij/", lambda route: route.abort())
    page.set_input_files("#id_new_photos", made.files(tmp_path, count=1, megapixels=1))
    failed = page.locator(".photo-card.has-failed")
    failed.wait_for(timeout=20_000)  # after three tries
    assert "Połączenie" in failed.inner_text()
    page.unroute("**/wyslij/")
    failed.get_by_role("button", name="Spróbuj ponownie").click()
    all_sent(page, 1, 1)
    assert len(page_problems) == 3
    page_problems.clear()


def test_photos_are_moved_turned_and_pointed_at_without_leaving_the_form(form, tmp_path):
    page, _server, article = form
    page.set_input_files("#id_new_photos", made.files(tmp_path, count=3, megapixels=1))
    all_sent(page, 3, 3)
    page.evaluate(LISTEN)
    for number, name in enumerate("abc"):
        page.fill(f"#id_photos-{number}-alt", name)
        page.select_option(f"#id_photos-{number}-consent_basis", "no_people")
    heard = page.evaluate("window.heard")

    page.locator("[data-row=photos-2] [data-move=up]").click()
    assert "2 z 3" in page.locator(".photo-drop__state").inner_text()
    page.locator("[data-row=photos-1] [data-move=first]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(ORDER) == "102"

    # Dragged by the handle: the last card before the first.
    handle = page.locator("[data-row=photos-2] .photo-card__handle")
    handle.scroll_into_view_if_needed()
    start, goal = handle.bounding_box(), page.locator("[data-row=photos-1]").bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(goal["x"] + 40, goal["y"] + 60, steps=6)
    page.mouse.up()
    assert page.evaluate(ORDER) == "210"

    image = page.locator("[data-row=photos-0] .photo-card__image")
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('[data-row=photos-0] img').naturalWidth > 0")
    box = page.evaluate(PICTURE_IN_ITS_BOX)
    image.click(position={"x": box["left"] + box["width"] / 4, "y": box["height"] / 2})
    assert abs(int(page.input_value("#id_photos-0-focus_x")) - 25) <= 1

    before = page.input_value("#id_photos-0-stored")
    page.locator("[data-row=photos-0] [data-degrees='90']").click()
    page.wait_for_function("before => document.querySelector('#id_photos-0-stored').value !== before", arg=before)
    turned = photo_tokens.read(page.input_value("#id_photos-0-stored"))
    assert page.evaluate("window.heard") >= heard + 4

    page.click("button[name=_continue]:not(.visually-hidden)")
    page.wait_for_selector(".photo-card.has_original")
    photos = list(article.photos.all())
    assert "".join(photo.alt for photo in photos) == "cba"
    assert photos[2].key == turned.key and (photos[2].width, photos[2].height) == (turned.width, turned.height)
    assert Article.objects.get().cover.alt == "c"
