"""Lighthouse over one page of each kind, on the phone profile: what it misses, and how fast it finds the page.

Its performance score is of this machine and this moment, hence the median of several runs; the others are the same in
every run. What search engines must not list is not asked for its score with them. Print views are left out: they ask
the browser to print as soon as they are there, and that ends Lighthouse's recording.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.core.management import CommandError
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from institutions.models import Institution, ServiceCard
from news.models import Article, Notice

from .server import Server, running

VERSION = "12.8.2"
RUNS, PERFORMANCE = 5, 95
AT_ONCE = 2  # each waits most of its time; what the other takes from it makes a score worse, never better
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PLAIN_PAGES = """
    potrzebuje-pomocy dostepnosc deklaracja-dostepnosci rodo polityka-cookies standardy-ochrony-maloletnich sygnalisci
    dokumenty projekty cudzoziemcy
""".split()
NOT_LISTED = {"sign-up", "search", "report of a barrier"}
TRIES = 3  # a recording that Chromium lost


@dataclass(frozen=True)
class Scores:
    name: str
    path: str
    performance: list[int]
    others: dict[str, int]  # of each other category that was asked for
    missed: list[str]  # what was found wrong, by Lighthouse's own names

    def __str__(self) -> str:
        words = "  ".join(f"{category} {score:>3}" for category, score in self.others.items())
        runs = f"performance {median(self.performance):>3.0f} ({min(self.performance)}–{max(self.performance)})"
        return f"{self.name:28} {words}  {runs}" + (f"  misses: {', '.join(self.missed)}" if self.missed else "")

    @property
    def is_complete(self) -> bool:
        return set(self.others.values()) == {100}

    @property
    def is_fast(self) -> bool:
        return median(self.performance) >= PERFORMANCE


def kinds() -> dict[str, str]:
    """One address of each kind of page, in the demo county."""
    article = Article.objects.published().originals().filter(photos__isnull=False).first().get_absolute_url()
    card = ServiceCard.objects.published().originals().filter(attachments__isnull=False).first().get_absolute_url()
    event = Event.objects.published().upcoming().first().get_absolute_url()
    return {
        "article": article,
        "home": reverse("pages:home"),
        "articles": reverse("news:article_list"),
        "notices": reverse("news:notice_list"),
        "archive of notices": reverse("news:notice_archive"),
        "notice": Notice.objects.published().current().first().get_absolute_url(),
        "institutions": reverse("institutions:list"),
        "institution": Institution.objects.published().filter(places_free__gt=0).first().get_absolute_url(),
        "free places": reverse("institutions:free_places"),
        "monthly costs": reverse("institutions:monthly_costs"),
        "service cards": reverse("services:list"),
        "service card": card,
        "events": reverse("events:list"),
        "month": reverse("events:month", args=[f"{timezone.localdate():%Y-%m}"]),
        "past events": reverse("events:archive"),
        "event": event,
        "sign-up": reverse("events:registration:form", args=["szkolenie-pierwsza-pomoc"]),
        "search": f"{reverse('pages:search')}?q=opieka",
        "contact": reverse("pages:contact"),
        "map of the site": reverse("pages:sitemap_page"),
        "report of a barrier": reverse("accessibility:report"),
        **{slug: reverse("pages:page", args=[slug]) for slug in PLAIN_PAGES},
        "home in English": "/en/",
        "service card in Ukrainian": "/uk/sprawy/prohrama-intehratsii/",
    }


def run(small: bool, scratch: Path, progress: Callable[[str], None]) -> list[Scores]:
    program, chosen = tool(scratch, progress), kinds()
    if small:
        chosen = {"article": chosen["article"]}
    found = []
    with running("portal.wsgi") as server, ThreadPoolExecutor(AT_ONCE) as looks:
        runs = 1 if small else RUNS
        for scores in looks.map(lambda kind: scores_of(server, program, *kind, runs), chosen.items()):
            found.append(scores)
            progress(str(scores))
    return found


def scores_of(server: Server, program: str, name: str, path: str, runs: int) -> Scores:
    server.fetch(path)
    wanted = [category for category in CATEGORIES if category != "seo" or name not in NOT_LISTED]
    whole = ask(server, program, path, wanted)
    reports = [whole, *(ask(server, program, path, ["performance"]) for _ in range(runs - 1))]
    performance = [score(report, "performance") for report in reports]
    return Scores(
        name,
        path,
        performance,
        {category: score(whole, category) for category in wanted[1:]},
        missed(whole, wanted[1:]),
    )


def ask(server: Server, program: str, path: str, categories: list[str]) -> dict:
    command = [
        program, server.url(path), "--quiet", "--output=json", "--output-path=stdout",
        f"--only-categories={','.join(categories)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]  # fmt: skip
    browser = os.environ | {"CHROME_PATH": chromium()}
    for _try in range(TRIES):
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=browser)
        if done.returncode == 0:
            return json.loads(done.stdout)
    raise CommandError(f"Lighthouse could not look at {path}: {done.stderr[-500:]}")


def score(report: dict, category: str) -> int:
    return round((report["categories"][category]["score"] or 0) * 100)


def missed(report: dict, categories: list[str]) -> list[str]:
    """The audits of these categories that took something off."""
    weighed = [
        ref["id"] for category in categories for ref in report["categories"][category]["auditRefs"] if ref["weight"]
    ]
    return [name for name in weighed if report["audits"][name]["score"] not in (None, 1)]


def tool(scratch: Path, progress: Callable[[str], None]) -> str:
    """The program: the one of LIGHTHOUSE, or a copy installed for this measurement alone."""
    if given := os.environ.get("LIGHTHOUSE"):
        return given
    if not shutil.which("npm"):
        raise CommandError("Lighthouse needs Node.js with npm, or its path in LIGHTHOUSE: apt install npm")
    progress(f"Installing Lighthouse {VERSION} for this measurement")
    options = ["--silent", "--no-save", "--no-fund", "--no-audit"]
    subprocess.run(["npm", "install", *options, "--prefix", str(scratch), f"lighthouse@{VERSION}"], check=True)
    return str(scratch / "node_modules" / ".bin" / "lighthouse")


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        raise CommandError("This measurement needs Chromium on PATH, or CHROMIUM.")
    return found
