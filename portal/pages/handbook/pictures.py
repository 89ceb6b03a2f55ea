"""Pictures of the handbook: Chromium opens each task's page in the running demo. Needs the development packages."""

import io
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from PIL import Image

from portal.accounts import scripted

from .tasks import PAGES, PICTURES, Task

SIZE = {"width": 1180, "height": 760}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
FOLDER = settings.BASE_DIR / "static" / PICTURES


def take(tasks: list[Task], server: str, folder: Path = FOLDER) -> list[Path]:
    """A JPEG of each task from the demo that runs at `server`. Raises LookupError where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not executable:
        raise LookupError("no Chromium on PATH: install Debian's chromium or set CHROMIUM")
    # Asked before Playwright's event loop runs, inside which Django refuses the database.
    wanted = [(task, PAGES[task.page](), session_of(task.role)) for task in tasks]
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        paths = [_take_one(browser, task, server, address, session, folder) for task, address, session in wanted]
        browser.close()
    return paths


def session_of(role: str) -> str:
    """The cookie of somebody invented who has this role."""
    person = {"first_name": "Ewa", "last_name": "Modrzycka", "is_staff": True}
    user, _new = User.objects.get_or_create(username=f"podrecznik-{role.lower()}", defaults=person)
    user.groups.set([Group.objects.get(name=role)])
    client = Client()
    scripted.sign_in(client, user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _take_one(browser, task: Task, server: str, address: str, session: str, folder: Path) -> Path:
    context = browser.new_context(locale="pl-PL", timezone_id="Europe/Warsaw", viewport=SIZE, color_scheme="light")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server}])
    page = context.new_page()
    page.goto(server + address)
    page.wait_for_load_state("networkidle")
    if task.scroll_to:
        page.locator(task.scroll_to).first.evaluate("element => element.scrollIntoView({block: 'start'})")
        page.wait_for_timeout(400)  # pictures that load only when they are seen
    path = folder / f"{task.slug}.jpg"
    with Image.open(io.BytesIO(page.screenshot())) as image:
        image.convert("RGB").save(path, "JPEG", quality=72, optimize=True, progressive=True)
    context.close()
    return path
