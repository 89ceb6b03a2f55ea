"""The editors' office in Chromium, under the strict policy: a whole day's work, without a mouse where it matters."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from events.models import MeetingReport
from news.models import Article
from tests.codes import log_in
from tests.make import in_days, jpeg, make_article, make_event, make_institution, make_office, make_photo, make_user
from tests.test_accessibility import RULES_OF_COLOUR

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# Without axe's own "best practice": Django's sign-in page has no h1.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = pytest.mark.browser


@pytest.fixture
def sign_in(live_server, page):
    def sign_in(*groups: str, to: str = "/admin/"):
        log_in(page, make_user("ewa", groups=groups), f"{live_server.url}/admin/login/?next={to}")
        page.wait_for_url(f"**{to}")

    return sign_in


def violations(page, rules: dict = RULES) -> list[str]:
    # What the bar of buttons covers for a moment can be scrolled free; axe would call a half-covered box too small.
    page.evaluate("document.querySelectorAll('.submit-row').forEach(bar => { bar.style.position = 'static' })")
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"]]


def photo_files(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_bytes(jpeg(700, 500, name=name).read())
    return [folder / name for name in names]


def test_an_editor_writes_an_article_with_three_photos_and_a_resident_sees_it(live_server, page, sign_in, tmp_path):
    sign_in("Wydawca", to="/admin/news/article/add/")
    page.select_option("#id_category", label="Aktualności")
    page.fill("#id_title", "Żółte parasole na rynku")
    page.fill("#id_lead", "Deszcz nie przeszkodził.")
    editor = page.locator(".cke_wysiwyg_div[contenteditable=true]")
    editor.click()
    page.keyboard.type("Na rynku spotkało się sto osób.")
    page.set_input_files("#id_new_photos", photo_files(tmp_path, "a.jpg", "b.jpg", "c.jpg"))
    for number in range(3):
        page.wait_for_function("number => document.getElementById(`id_photos-${number}-stored`)?.value", arg=number)
        page.fill(f"#id_photos-{number}-alt", f"Parasol {number + 1}")
        page.select_option(f"#id_photos-{number}-consent_basis", "no_people")
    with page.expect_navigation():
        page.click(".submit-row button[name=_continue]")
    assert page.locator("#photos-group .inline-related.has_original").count() == 3
    page.locator("#photos-group button[value^='up:']").nth(2).click()
    with page.expect_navigation():
        page.click(".submit-row button[name=_continue]")
    assert [photo.alt for photo in Article.objects.get().photos.all()] == ["Parasol 1", "Parasol 3", "Parasol 2"]

    page.click("button[name=_preview]")
    page.wait_for_url("**/aktualnosci/**")
    assert page.locator("h1").inner_text() == "Żółte parasole na rynku"
    address = page.url.partition("#")[0]
    resident = Client()
    assert resident.get("/aktualnosci/zolte-parasole-na-rynku/").status_code == 404

    page.goto(f"{live_server.url}/admin/news/article/{Article.objects.get().pk}/change/")
    tomorrow = timezone.localtime() + timedelta(days=1)
    page.fill("#id_publish_at_0", f"{tomorrow:%d.%m.%Y}")
    page.fill("#id_publish_at_1", "08:00")
    button = page.locator("button[name=_publish]")
    assert "8:00" in button.inner_text()  # it says when, before it is pressed
    button.click()
    page.wait_for_url("**/admin/news/article/")
    assert page.locator(".state-scheduled").count() == 1
    assert resident.get("/aktualnosci/zolte-parasole-na-rynku/").status_code == 404

    page.locator("#result_list a", has_text="Żółte parasole").click()
    page.fill("#id_publish_at_0", f"{timezone.localtime():%d.%m.%Y}")
    page.fill("#id_publish_at_1", "00:00")
    page.click("button[name=_save]")
    page.wait_for_url("**/admin/news/article/")

    page.context.clear_cookies()
    page.goto(address)
    assert page.locator("h1").inner_text() == "Żółte parasole na rynku"
    assert page.locator("img[alt='Parasol 1']").count() == 1


def test_a_clerk_goes_from_the_event_to_its_record_and_on_to_a_draft_article(live_server, page, sign_in):
    event = make_event(title="Narada kadry", starts_at=in_days(-2))
    event.agenda.create(title="Wspieranie rodziny")
    sign_in("Organizator", to=f"/admin/events/event/{event.pk}/change/")
    page.locator(".object-tools a[href*='meetingreport']").click()
    assert page.input_value("#id_topics-0-text") == "Wspieranie rodziny"
    page.fill("#id_headline", "Kadra o rodzinie")
    with page.expect_navigation():
        page.click(".submit-row [name=_continue]")
    page.locator(".object-tools button").click()
    page.wait_for_url("**/admin/news/article/*/change/")
    assert page.input_value("#id_title") == "Kadra o rodzinie"
    assert "Wspieranie rodziny" in page.locator(".cke_wysiwyg_div").inner_text()


def test_rows_added_with_the_button_are_labelled_and_saved(live_server, page, sign_in):
    event = make_event(starts_at=in_days(3))
    institution = make_institution(name="Ośrodek Łączność")
    sign_in("Organizator", to=f"/admin/events/event/{event.pk}/change/")
    page.locator("#parties-group summary").click()
    page.locator("#parties-group .add-row a").click()
    page.locator("#parties-group .select2-selection").nth(1).click()
    page.keyboard.type("lacznosc")
    page.locator(".select2-results__option", has_text="Ośrodek Łączność").click()
    assert violations(page) == []
    page.click("button[name=_save]")
    page.wait_for_url("**/admin/events/event/")
    assert event.parties.get().institution == institution


def test_leaving_unsaved_text_asks_first(live_server, page, sign_in):
    sign_in("Redaktor", to="/admin/news/article/add/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{live_server.url}/admin/news/article/add/")
    page.goto(f"{live_server.url}/admin/")
    assert asked == []
    page.goto(f"{live_server.url}/admin/news/article/add/")
    page.locator("#id_title").press_sequentially("Zaczęty")
    page.goto(f"{live_server.url}/admin/")
    assert asked == ["beforeunload"]


def pages() -> dict[str, str]:
    """Every kind of page of the admin, with something on it."""
    make_office()
    article = make_article()
    make_photo(article)
    make_photo(article, alt="")
    make_article(status="review")
    institution = make_institution()
    institution.phones.create(number="13 000 12 00")
    make_photo(institution)
    event = make_event(institution=institution)
    event.agenda.create(title="Punkt")
    event.parties.create(role="organizer", institution=institution)
    event.representatives.create(name="Ewa Modrzycka")
    report = MeetingReport.objects.create(event=make_event(starts_at=in_days(-2)))
    report.topics.create(text="Temat")
    report.follow_ups.create(description="Szkolenie")
    return {
        "first page": "/admin/",
        "list": "/admin/news/article/",
        "new article": "/admin/news/article/add/",
        "article": f"/admin/news/article/{article.pk}/change/",
        "event": f"/admin/events/event/{event.pk}/change/",
        "record": f"/admin/events/meetingreport/{report.pk}/change/",
        "institution": f"/admin/institutions/institution/{institution.pk}/change/",
        "office": "/admin/institutions/office/1/change/",
        "user": "/admin/auth/user/1/change/",
        "group": "/admin/auth/group/1/change/",
        "question before deleting": f"/admin/news/article/{article.pk}/delete/",
        "history": f"/admin/news/article/{article.pk}/history/",
    }


@pytest.mark.once
def test_axe_finds_nothing_in_the_admin(live_server, page, page_problems, sign_in):
    addresses = pages()
    page.goto(f"{live_server.url}/admin/login/")
    found = {"sign-in": violations(page)}
    sign_in("Administrator")
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        for scheme, rules in (("light", RULES), ("dark", RULES_OF_COLOUR)):
            page.emulate_media(color_scheme=scheme)
            page.evaluate("Promise.all(document.getAnimations().map(change => change.finished))")
            assert not page_problems, name
            found[f"{name}, {scheme}"] = violations(page, rules)
            page_problems.clear()  # on short pages axe itself tries out styles, which the policy refuses
    assert {name: problems for name, problems in found.items() if problems} == {}
