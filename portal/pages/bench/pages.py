"""The measurement: which pages, in which order, and how many queries each makes."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from django.test import Client
from django.urls import reverse

from .asking import count_queries
from .load import first_byte_p99, measure, middle
from .report import Row
from .server import HOST, Server, running

MOST_QUERIES_OF_AN_ARTICLE = 6
WARMING_REQUESTS = 20  # so that both workers have read their templates and the menu


def addresses() -> dict[str, str]:
    return {
        "home": reverse("pages:home"),
        "list": reverse("news:article_list"),
        "article": reverse("news:article", args=["artykul-7"]),
        "institution": reverse("institutions:detail", args=["dom-7"]),
        "event": reverse("events:detail", args=["wydarzenie-80"]),
        "search": reverse("pages:search") + "?q=opieka",
    }


def run(rounds: int, seconds: float, scratch: Path, progress: Callable[[str], None]) -> list[Row]:
    pages = addresses()
    queries = {name: count_queries(path, Client(SERVER_NAME=HOST)) for name, path in pages.items()}
    with running("portal.pages.bench.portal_app") as portal:
        sizes = keep_bytes(portal, pages.values(), scratch)
        with running("portal.pages.bench.bare_app", BENCH_PAGES=str(scratch)) as bare:
            warm(portal, bare, pages.values())
            results = measure_in_turns(portal, bare, pages, rounds, seconds, progress)
            at_half = measure_at_half(portal, pages, results, seconds, progress)
            with running("portal.wsgi") as cached:
                repeated = {"repeated article": pages["article"]}
                warm(cached, bare, repeated.values())
                results |= measure_in_turns(cached, bare, repeated, rounds, seconds, progress)
                at_half |= measure_at_half(cached, repeated, results, seconds, progress)
    return [
        Row(
            name, middle(results[name, "portal"]), middle(results[name, "bare"]), queries.get(name, 0), sizes[path],
            at_half[name],
        )
        for name, path in {**pages, **repeated}.items()
    ]  # fmt: skip


def measure_at_half(server: Server, pages: dict[str, str], results: dict, seconds: float, progress) -> dict[str, float]:
    progress("half of the requests that each page can answer, how long the slowest wait")
    return {
        name: first_byte_p99(server.url(path), seconds, middle(results[name, "portal"]).per_second / 2)
        for name, path in pages.items()
    }


def keep_bytes(portal: Server, paths, folder: Path) -> dict[str, int]:
    """Write what the portal answers to files for the bare view; returns the sizes."""
    sizes = {}
    for path in paths:
        content = portal.fetch(path)
        (folder / path.replace("/", "%2F")).write_bytes(content)
        sizes[path] = len(content)
    return sizes


def warm(portal: Server, bare: Server, paths):
    for path in paths:
        for _number in range(WARMING_REQUESTS):
            portal.fetch(path)
        bare.fetch(path)


def measure_in_turns(portal, bare, pages: dict[str, str], rounds: int, seconds: float, progress):
    """Page by page, portal and bare view in turn, so that a slower minute of the machine hurts both."""
    results = defaultdict(list)
    for number in range(1, rounds + 1):
        for name, path in pages.items():
            progress(f"round {number} of {rounds}: {name}")
            for kind, server in (("portal", portal), ("bare", bare)):
                results[name, kind].append(measure(server, path, seconds))
    return results
