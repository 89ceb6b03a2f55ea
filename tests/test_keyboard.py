"""Everything works without a mouse, and the eye can follow the focus."""

import pytest

from news.models import Article

pytestmark = [pytest.mark.browser, pytest.mark.once]

FOCUSED = """() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return {
        name: (element.innerText || element.getAttribute('aria-label') || element.name || element.id || '').trim(),
        tag: element.tagName, id: element.id, href: element.getAttribute('href'), type: element.type,
        isVisible: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
        inGallery: !!element.closest('[data-gallery]'),
        // Inside a date field Chromium has a button of its own, which it marks itself.
        isMarked: outlined || style.boxShadow !== 'none' || (element.type === 'date' && !element.matches(':focus')),
    };
}"""


@pytest.fixture
def open_page(demo_server, page):
    def open_page(path: str, width: int = 1280, height: int = 900):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(reduced_motion="reduce")
        page.goto(demo_server + path, wait_until="networkidle")
        return page

    return open_page


def article_with_gallery() -> str:
    return next(a for a in Article.objects.published() if a.photos.count() > 2).get_absolute_url()


def press_tab_until(page, wanted, key: str = "Tab", limit: int = 150) -> list[dict]:
    """Press the key until the focused element is the wanted one; returns all that were passed."""
    passed = []
    for _press in range(limit):
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUSED))
        if wanted(passed[-1]):
            return passed
    raise AssertionError(f"not reached with {limit} presses: {[element['name'] for element in passed]}")


def test_the_first_press_offers_to_skip_to_the_content(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    focused = page.evaluate(FOCUSED)
    assert focused["href"] == "#content" and focused["isVisible"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize(
    "path, width",
    [
        ("/", 360),
        ("/", 1280),
        ("/placowki/", 360),
        ("/wydarzenia/", 1280),
        ("/szukaj/?q=opieka", 360),
        (None, 360),
        (None, 1280),
    ],
)
def test_the_focus_is_seen_on_its_whole_way(open_page, path, width):
    """None stands for an article with a gallery."""
    page = open_page(path or article_with_gallery(), width)
    passed = press_tab_until(page, lambda element: element["tag"] == "BODY", limit=400)[:-1]
    assert len(passed) > 15
    lost = [element for element in passed if not (element["isVisible"] and element["isMarked"])]
    assert lost == []


def test_the_menu_of_a_phone_opens_and_leads_on(open_page):
    page = open_page("/", 360, 740)
    menu = page.locator(".site-menu summary")
    link = page.locator(".site-menu a").first
    assert not link.is_visible()
    press_tab_until(page, lambda element: element["tag"] == "SUMMARY")
    page.keyboard.press("Enter")
    assert link.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/aktualnosci/")
    assert page.locator(".site-menu [aria-current]").count() == 1
    assert menu.is_visible()


def test_the_gallery_opens_turns_closes_and_gives_the_focus_back(open_page):
    page = open_page(article_with_gallery())
    press_tab_until(page, lambda element: element["inGallery"])
    page.keyboard.press("Enter")
    viewer = page.locator("dialog[open]")
    viewer.wait_for()
    counter = viewer.locator("[aria-live]")
    first = counter.inner_text()
    page.keyboard.press("ArrowRight")
    assert counter.inner_text() != first
    page.keyboard.press("ArrowLeft")
    assert counter.inner_text() == first
    for _press in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    assert not viewer.is_visible()
    assert page.evaluate(FOCUSED)["inGallery"]


def test_a_filter_is_chosen_and_cleared(open_page):
    page = open_page("/aktualnosci/")
    press_tab_until(page, lambda element: element["tag"] == "SELECT")
    page.keyboard.press("ArrowDown")
    press_tab_until(page, lambda element: element["type"] == "submit" and element["tag"] == "BUTTON")
    page.keyboard.press("Enter")
    page.wait_for_url("**/aktualnosci/?*")
    chosen = page.locator("select").first.input_value()
    assert chosen and chosen in page.url
    press_tab_until(
        page, lambda element: element["tag"] == "A" and element["href"] == "/aktualnosci/" and "filt" in element["name"]
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/aktualnosci/")


def test_the_search_of_the_header_is_reached_and_sent(open_page):
    page = open_page("/")
    press_tab_until(page, lambda element: element["type"] == "search")
    page.keyboard.type("opieka")
    page.keyboard.press("Enter")
    page.wait_for_url("**/szukaj/?q=opieka")


def test_pages_read_without_scripts(demo_server, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(demo_server + article_with_gallery())
    assert page.locator("h1").is_visible()
    page.locator(".gallery a").first.click()
    assert "/media/photos/" in page.url
    page.goto(demo_server + "/placowki/")
    assert page.locator("main a[href^='/placowki/']").count() > 20
    context.close()
