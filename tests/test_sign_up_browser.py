"""Signing up as people do: with the keyboard alone, on a phone, without scripts, with mistakes."""

import re

import pytest

from events.registration import links, seats
from events.registration.models import Registration
from tests.codes import log_in
from tests.make import make_office, make_registration, make_signup, make_user
from tests.test_accessibility import AXE, violations
from tests.test_keyboard import press_tab_until

pytestmark = pytest.mark.browser


@pytest.fixture
def signup(live_server):
    make_office()
    return make_signup(capacity=10, verifies_email=True, max_seats=2)


def type_into(page, name: str, text: str):
    press_tab_until(page, lambda element: element["id"] == f"id_{name}")
    page.keyboard.type(text)


def test_with_the_keyboard_alone_from_the_event_to_the_seat_and_back(live_server, page, signup):
    page.goto(f"{live_server.url}/wydarzenia/")
    press_tab_until(page, lambda element: element["href"] == f"/wydarzenia/{signup.event.slug}/")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{signup.event.slug}/")
    press_tab_until(page, lambda element: element["href"] == f"/wydarzenia/{signup.event.slug}/zapisy/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zapisy/")
    type_into(page, "first_name", "Maria")
    type_into(page, "last_name", "Polna")
    type_into(page, "email", "maria(małpa)poczta.example")
    page.wait_for_timeout(2100)
    press_button_of_main(page)
    # The summary has the focus, and its link leads to the field.
    page.locator(".error-summary").wait_for()
    assert page.evaluate("document.activeElement.classList.contains('error-summary')")
    press_tab_until(page, lambda element: element["href"] == "#id_email")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_email"
    assert page.input_value("#id_first_name") == "Maria"
    page.keyboard.press("Control+a")
    page.keyboard.type("maria@poczta.example")
    press_button_of_main(page)
    page.wait_for_url("**/przyjete/**")
    registration = Registration.objects.get()
    assert registration.status == "held"
    page.goto(links.address(registration, "confirm").replace("http://127.0.0.1:8000", live_server.url))
    press_button_of_main(page)
    page.wait_for_url("**/zgloszenie/**")
    press_tab_until(page, lambda element: (element["href"] or "").endswith("/rezygnacja/"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/rezygnacja/")
    press_button_of_main(page)
    page.get_by_role("heading", name="Rezygnacja przyjęta").wait_for()
    registration.refresh_from_db()
    assert registration.status == "cancelled"


def press_button_of_main(page):
    """The header has buttons of its own."""
    press_tab_until(
        page, lambda element: element["tag"] == "BUTTON" and page.evaluate("!!document.activeElement.closest('main')")
    )
    page.keyboard.press("Enter")


@pytest.mark.parametrize("page", [(360, 740)], indirect=True)
def test_the_page_with_errors_suits_everybody(live_server, page, signup):
    page.goto(f"{live_server.url}/wydarzenia/{signup.event.slug}/zapisy/")
    page.click("main button[type=submit]")
    page.locator(".error-summary").wait_for()
    page.evaluate(AXE)
    assert violations(page) == []
    described = page.evaluate(
        "document.getElementById(document.getElementById('id_email').getAttribute('aria-describedby')).innerText"
    )
    assert described
    assert page.get_attribute("#id_email", "aria-invalid") == "true"
    assert page.get_attribute("#id_email", "autocomplete") == "email"


def test_without_scripts(live_server, browser, signup):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{live_server.url}/wydarzenia/{signup.event.slug}/zapisy/")
    assert not page.is_visible("#id_website") or page.locator("#id_website").bounding_box()["x"] < 0
    for name, text in {"first_name": "Jan", "last_name": "Dąb", "email": "jan@poczta.example"}.items():
        page.fill(f"#id_{name}", text)
    page.fill("#id_second_first_name", "Ewa")
    page.fill("#id_second_last_name", "Dąb")
    page.wait_for_timeout(2100)
    page.click("main button[type=submit]")
    page.wait_for_url("**/przyjete/**")
    assert Registration.objects.get().seats == 2
    assert context.cookies() == []
    context.close()


def desk(signup) -> str:
    return f"/admin/registration/signup/{signup.pk}/desk/"


def faults(page, page_problems) -> list[str]:
    """What axe finds in a page of the admin; axe itself tries to load styles in a way that the strict policy blocks."""
    assert page_problems == []
    page.evaluate(AXE)
    found = violations(page)
    page_problems.clear()
    return found


def test_a_clerk_enters_a_caller_and_stands_in_the_first_field_again(live_server, page, page_problems, signup):
    log_in(page, make_user(groups=["Organizator"]), f"{live_server.url}/admin/login/?next={desk(signup)}add/")
    page.wait_for_url("**/desk/add/")
    for number in (1, 2):
        assert page.evaluate("document.activeElement.id") == "id_first_name"
        page.keyboard.type(f"Helena{number}")
        page.keyboard.press("Tab")
        page.keyboard.type("Brzozowa")
        with page.expect_navigation(url=re.compile("last=")):
            page.keyboard.press("Enter")
    assert Registration.objects.count() == 2
    assert faults(page, page_problems) == []


@pytest.mark.parametrize("page", [(360, 740), (1366, 768)], indirect=True)
def test_the_desk_suits_everybody(live_server, page, page_problems, signup):
    clerk = make_user(groups=["Organizator"])
    for number in range(12):
        make_registration(signup, f"Osoba{number} Lis", by=seats.staff(clerk))
    log_in(page, clerk, f"{live_server.url}/admin/login/?next={desk(signup)}")
    page.locator(".desk-why").wait_for()
    for name in ("", "add/", "import/", "message/", "export/", "presence/", "certificates/"):
        page.goto(f"{live_server.url}{desk(signup)}{name}")
        assert faults(page, page_problems) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
