"""Every kind of page suits everybody: axe finds nothing, narrow and wide, light and dark, and nothing sticks out."""

from pathlib import Path

import pytest

from tests.kinds import KINDS

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2 AA and what axe calls best practice; RULES_OF_COLOUR are those that only a colour can break.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RULES_OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Each look at one width, and from kind to kind the other way round: axe takes a second, and there are many kinds.
# As much space as WCAG 1.4.12 lets a reader take.
SPACING = """
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }
"""
SIZES = [(360, 740), (1280, 900)]
LOOKS = ["light", "dark"]

pytestmark = [pytest.mark.browser, pytest.mark.once]


def violations(page, rules: dict = RULES) -> list[str]:
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"]]


def pixels_that_stick_out(page, width: int, text_size: str = "") -> int:
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("size => document.documentElement.style.fontSize = size", text_size)
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def pixels_that_stick_out_of_wide_text(page, width: int) -> int:
    page.evaluate("css => { const wide = new CSSStyleSheet(); wide.replaceSync(css);"
                  " document.adoptedStyleSheets = [wide] }", SPACING)  # fmt: skip
    pixels = pixels_that_stick_out(page, width)
    page.evaluate("document.adoptedStyleSheets = []")
    return pixels


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wrong_with(kind, demo_server, page, page_problems):
    page.goto(demo_server + KINDS[kind]())
    assert pixels_that_stick_out(page, 320) <= 0
    assert pixels_that_stick_out(page, 640, "200%") <= 0, "with text twice as large"
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert pixels_that_stick_out_of_wide_text(page, 320) <= 0, "with wide text"
    page.evaluate(AXE)
    turned = list(KINDS).index(kind) % 2
    for (width, height), scheme in zip(SIZES, LOOKS[::-1] if turned else LOOKS, strict=True):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function("document.getAnimations().length == 0")
        assert violations(page) == [], f"{width} px, {scheme}"
    if kind in ("page that does not exist", "link that does not work", "link of an institution that does not work"):
        page_problems.clear()  # Chromium reports the 404 that was asked for


def test_axe_would_find_a_fault(demo_server, page):
    page.goto(demo_server + "/kontakt/")
    page.evaluate(AXE)
    page.evaluate("document.querySelector('main').append(new Image(10, 10))")
    assert any(problem.startswith("image-alt") for problem in violations(page))
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.querySelector('h1').style.color = '#555'")
    assert any(problem.startswith("color-contrast") for problem in violations(page, RULES_OF_COLOUR))
