"""Forty photos dropped by Chromium into a real gunicorn, and everything that must be true afterwards."""

import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.test import Client
from PIL import Image

from institutions.models import Office
from news.models import Article, ArticlePhoto, Category
from portal.accounts import scripted
from portal.pages.bench.server import running

from . import made, watching

BROKEN = 7
MEMORY_LIMIT = 400 * 1024**2
SECONDS_FOR_ALL = 600
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DROP = """() => {
    const dataTransfer = new DataTransfer();
    for (const file of document.querySelector("#carrier").files) dataTransfer.items.add(file);
    document.querySelector(".photos").dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
}"""
CARRIER = "document.body.insertAdjacentHTML('beforeend', '<input type=file multiple id=carrier hidden>')"
IS_OVER = "() => !document.querySelector('.photo-card progress:not([hidden])')"


@dataclass
class Report:
    files: int
    smallest: int  # bytes
    seconds: float = 0
    statuses: dict[int, int] = field(default_factory=dict)
    each: list[float] = field(default_factory=list)  # seconds from sending a file to its answer
    reasons: list[str] = field(default_factory=list)
    peak: int = 0
    saved: int = 0
    with_metadata: int = 0

    def __str__(self) -> str:
        each = sorted(self.each)
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return "\n".join([
            f"files           {self.files}, the smallest {self.smallest / 1024**2:.1f} MB",
            f"answered        {sum(self.statuses.values())}: {answers}",
            f"refused         {'; '.join(self.reasons)}",
            f"all together    {self.seconds:.1f} s",
            f"each            {each[0]:.1f} s at best, {each[len(each) // 2]:.1f} s median, {each[-1]:.1f} s at worst",
            f"largest worker  {self.peak / 1024**2:.0f} MB",
            f"saved           {self.saved} photos",
            f"with metadata   {self.with_metadata} files",
        ])  # fmt: skip

    @property
    def wrong(self) -> list[str]:
        good = self.files - 1
        checks = [
            (sum(self.statuses.values()) == self.files, "not every file was answered"),
            (self.statuses == {200: good, 422: 1}, "not exactly the broken file was refused"),
            (self.saved == good, "photos were lost"),
            (self.peak < MEMORY_LIMIT, "a worker grew above 400 MB"),
            (self.with_metadata == 0, "a kept file has metadata"),
        ]
        return [words for holds, words in checks if not holds]


def run(folder: Path, *, small: bool, progress) -> Report:
    count, megapixels = (8, 3) if small else (40, 12)
    progress(f"Making {count} photos of {megapixels} megapixels")
    paths = made.files(folder, count, megapixels, broken=[BROKEN])
    good = [path.stat().st_size for path in paths if "zepsute" not in path.name]
    report = Report(len(paths), min(good))
    article, cookie = _article(), _session()
    with running("portal.wsgi", log=folder / "gunicorn.log") as server, watching.memory(server) as seen:
        _drop_and_save(server, article, cookie, paths, report, progress)
        report.peak = seen.peak
    report.saved = ArticlePhoto.objects.filter(article=article, consent_basis="no_people").count()
    report.with_metadata = sum(map(_has_metadata, (Path(settings.PRIVATE_ROOT) / "photos").rglob("*.*")))
    return report


def _drop_and_save(server, article, cookie: str, paths, report: Report, progress):
    with _chromium() as browser:
        context = browser.new_context(locale="pl-PL")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.address}])
        page = context.new_page()
        page.on("requestfinished", lambda request: _note(request, report))
        page.goto(server.url(f"/admin/news/article/{article.pk}/change/"))
        page.evaluate(CARRIER)
        page.set_input_files("#carrier", paths)
        progress("Dropping them")
        began = time.monotonic()
        page.evaluate(DROP)
        page.wait_for_function(IS_OVER, timeout=SECONDS_FOR_ALL * 1000)
        report.seconds = time.monotonic() - began
        report.reasons = page.locator(".has-failed .photo-card__sending").all_inner_texts()
        for card in page.locator(".has-failed [data-remove]").all():
            card.click()
        page.select_option("#id_new_photos_basis", "no_people")
        page.click("[data-set-all]")
        page.click("button[name=_continue]:not(.visually-hidden)")
        page.wait_for_selector(".photo-card.has_original")
        page.wait_for_load_state("networkidle")


def _note(request, report: Report):
    if request.url.endswith("/wyslij/"):
        status = request.response().status
        report.statuses[status] = report.statuses.get(status, 0) + 1
        report.each.append(request.timing["responseEnd"] / 1000)


@contextmanager
def _chromium():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise CommandError("This measurement needs playwright (requirements-dev.lock).") from None
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not executable:
        raise CommandError("This measurement needs Chromium on PATH, or CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def _article() -> Article:
    Office.objects.get_or_create(pk=1, defaults={"name": "Urząd", "site_name": "Urząd"})
    return Article.objects.create(category=Category.objects.first(), title="Festyn", body="<p>Treść.</p>")


def _session() -> str:
    client = Client()
    scripted.sign_in(client, get_user_model().objects.create_superuser("bench", password=os.urandom(8).hex()))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _has_metadata(path: Path) -> bool:
    if path.suffix not in (".jpg", ".webp", ".avif"):
        return False
    with Image.open(path) as image:
        tags = bool(image.getexif()) or {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
    return bool(tags) or made.SECRET.encode() in path.read_bytes()
