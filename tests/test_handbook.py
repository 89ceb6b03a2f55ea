"""The handbook says what the portal really shows: its words stand on the pages, and its pictures can be made anew."""

import re

import pytest
from django.test import Client
from PIL import Image

from portal.pages.handbook import pictures
from portal.pages.handbook.tasks import PAGES, all_rules, all_tasks
from tests.make import make_user

pytestmark = pytest.mark.once

TASKS = all_tasks().values()


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.slug)
def test_the_words_of_a_task_stand_on_the_page_it_shows(demo, task):
    client = Client()
    client.force_login(make_user(groups=[task.role]))
    page = client.get(PAGES[task.page]())
    assert page.status_code == 200
    html = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split()).casefold()
    assert [word for word in task.words if word.casefold() not in html] == []


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.slug)
def test_a_task_fits_one_screen_and_has_its_picture(task):
    assert 2 <= len(task.steps) <= 6 and task.words
    assert sum(map(len, task.steps)) < 900
    with Image.open(pictures.FOLDER / f"{task.slug}.jpg") as image:
        assert image.size == (pictures.SIZE["width"], pictures.SIZE["height"])


def test_there_is_no_picture_of_a_task_that_is_gone():
    assert {path.stem for path in pictures.FOLDER.glob("*.jpg")} == set(all_tasks())


@pytest.mark.parametrize("group", ["Redaktor", "Wydawca", "Organizator", "Administrator"])
def test_everybody_in_the_office_reads_it(client, db, group):
    client.force_login(make_user(groups=[group]))
    assert "/admin/podrecznik/" in client.get("/admin/").content.decode()
    contents = client.get("/admin/podrecznik/").content.decode()
    for task in TASKS:
        assert task.title in contents
        page = client.get(f"/admin/podrecznik/{task.slug}/")
        assert task.steps[0] in page.content.decode().replace("&quot;", '"')
    assert client.get("/admin/podrecznik/nie-ma/").status_code == 404


def test_every_rule_of_the_law_leads_to_its_task(client, db):
    client.force_login(make_user(groups=["Redaktor"]))
    page = client.get("/admin/podrecznik/prawo/").content.decode()
    numbers = {number for rule in all_rules() for number in rule.ids}
    assert {f"DD-{number:02}" for number in range(1, 15)} < numbers
    expected = "AC-01 AC-05 BIP-01 ED-03 RODO-01 CK-02 IMG-03 SOM-01 SYG-01 NPP-01 FIN-01 EMB-01 ARCH-01 DPS-01 REP-01"
    assert set(expected.split()) < numbers
    for rule in all_rules():
        assert rule.words in page and f'/admin/podrecznik/{rule.task.slug}/"' in page


def test_nobody_else_does(client, db):
    assert client.get("/admin/podrecznik/").status_code == 302


@pytest.mark.browser
def test_the_pictures_are_made_from_the_running_demo(demo_server, browser, tmp_path):
    task = all_tasks()["tablica"]
    # The fixture's Chromium runs already, and Playwright wants one at a time in a thread.
    session = pictures.session_of(task.role)
    path = pictures._take_one(browser, task, demo_server, PAGES[task.page](), session, tmp_path)
    with Image.open(path) as image:
        assert image.format == "JPEG" and len(image.getcolors(1_000_000) or range(999)) > 50
