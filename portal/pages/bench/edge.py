"""What nginx in front is worth: the cached article, with its view counted, beside the same bytes as a static file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from portal.pages.stack import services
from portal.pages.stack.running import Stack

from .load import Result, in_turn, middle, with_wrk
from .server import fetch
from .views import READER

STATIC_SERVER = """
server {{
    listen {address};
    root {folder};
    access_log off;
    default_type "text/html; charset=utf-8";
}}
"""
SECONDS_FOR_MANY = 20  # until each has been made anew once: what goes on after that is measured


@dataclass(frozen=True)
class Comparison:
    name: str
    portal: Result
    static: Result
    wanted: float

    @property
    def ratio(self) -> float:
        return self.portal.per_second / self.static.per_second

    def __str__(self) -> str:
        return (
            f"{self.name:44}{self.portal.per_second:8.0f} req/s  p99 {self.portal.p99:7.1f} ms   static "
            f"{self.static.per_second:8.0f} req/s   ratio {self.ratio:.2f}  wanted {self.wanted:.2f}"
        )


class Edge:
    """A running stack whose nginx also serves the bytes of the articles as files, on a port of its own."""

    def __init__(self, folder: Path, articles: int):
        self.folder, self.articles = folder, articles
        self.static_port = services.free_port()
        self.nginx_extra = STATIC_SERVER.format(address=f"{services.HOST}:{self.static_port}", folder=folder)

    def keep_bytes(self):
        """What nginx of the portal answers, as files. All articles have the size of the first."""
        page = fetch(settings.SITE_URL + address(0))
        for number in range(self.articles):
            file = self.folder / address(number).strip("/") / "index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(page)

    def run(self, running: Stack, rounds: int, seconds: float, progress: Callable[[str], None]) -> list[Comparison]:
        self.keep_bytes()
        static = f"http://{services.HOST}:{self.static_port}"
        tick = running["tick-a"]
        cases = [
            ("one article, the fold stopped", 1, False, 0.85),
            ("one article, tick folding beside it", 1, True, 0.65),
            (f"{self.articles} articles in turn, tick folding", self.articles, True, 0.40),
        ]
        progress("every article once: a site that has been read today")
        for number in range(self.articles):
            fetch(settings.SITE_URL + address(number))
        results = {name: ([], []) for name, *_rest in cases}
        for number in range(1, rounds + 1):
            for name, articles, folds, _wanted in cases:
                progress(f"round {number} of {rounds}: {name}")
                tick.resume() if folds else tick.pause()
                for side, place in enumerate((settings.SITE_URL, static)):
                    is_new = articles > 1 and place == settings.SITE_URL
                    self.ask(place, articles, seconds=SECONDS_FOR_MANY if is_new else 1)
                    results[name][side].append(self.ask(place, articles, seconds))
        tick.resume()
        return [
            Comparison(name, middle(results[name][0]), middle(results[name][1]), wanted) for name, *_, wanted in cases
        ]

    def ask(self, place: str, articles: int, seconds: float) -> Result:
        script = in_turn([address(number) for number in range(articles)], self.folder)
        return with_wrk(place + address(0), seconds, {"User-Agent": READER}, script)


def address(number: int) -> str:
    return reverse("news:article", args=[f"artykul-{number}"])
