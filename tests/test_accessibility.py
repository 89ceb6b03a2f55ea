"""axe finds nothing on any kind of page: narrow and wide, light and dark (WCAG 2.2 AA and best practice)."""

from pathlib import Path

import pytest

from tests.kinds import KINDS

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(360, 740), (1280, 900)]
SCHEMES = ["light", "dark"]

pytestmark = pytest.mark.browser


def violations(page) -> list[str]:
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on(kind, demo_server, page, page_problems):
    found = {}
    page.goto(demo_server + KINDS[kind]())
    page.evaluate(AXE)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_function("document.getAnimations().length == 0")
            if problems := violations(page):
                found[f"{width} px, {scheme}"] = problems
    assert found == {}
    if kind == "page that does not exist":
        page_problems.clear()  # Chromium reports the 404 that was asked for


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sticks_out_at_320_pixels_and_with_text_twice_as_large(kind, demo_server, page, page_problems):
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto(demo_server + KINDS[kind]())
    wider = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0
    page.set_viewport_size({"width": 640, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(wider) <= 0
    if kind == "page that does not exist":
        page_problems.clear()


def test_axe_would_find_a_fault(demo_server, page):
    page.goto(demo_server + "/kontakt/")
    page.evaluate(AXE)
    page.evaluate("document.querySelector('main').append(new Image(10, 10))")
    assert any(problem.startswith("image-alt") for problem in violations(page))
