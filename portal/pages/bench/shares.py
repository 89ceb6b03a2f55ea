"""Into what the time of one page goes: queries (made and answered), templates, and the framework with our own code."""

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models.query import QuerySet
from django.template.base import Template
from django.test import Client

from .asking import without_page_cache

TIMES = 30


@dataclass(frozen=True)
class Shares:
    page: str
    milliseconds: dict[str, float]

    def __str__(self) -> str:
        total = sum(self.milliseconds.values())
        parts = (f"{name} {value:.1f} ms ({value / total:.0%})" for name, value in self.milliseconds.items())
        return f"{self.page}: {', '.join(parts)}"


class Clock:
    """Time is booked to the innermost of what is going on: a query in a template is a query."""

    def __init__(self):
        self.booked, self.stack, self.since = Counter(), ["framework"], time.perf_counter()

    def change(self):
        now = time.perf_counter()
        self.booked[self.stack[-1]] += now - self.since
        self.since = now

    def timed(self, name: str, function):
        def wrapped(*arguments, **named):
            self.change()
            self.stack.append(name)
            try:
                return function(*arguments, **named)
            finally:
                self.change()
                self.stack.pop()

        return wrapped


@contextmanager
def watched(clock: Clock):
    fetch, render = QuerySet._fetch_all, Template._render
    QuerySet._fetch_all, Template._render = clock.timed("queries", fetch), clock.timed("templates", render)
    try:
        yield
    finally:
        QuerySet._fetch_all, Template._render = fetch, render


def shares_of(page: str, path: str, client: Client) -> Shares:
    with without_page_cache(client):
        for _warming in range(3):
            client.get(path)
        clock = Clock()
        with watched(clock):
            clock.since = time.perf_counter()
            for _number in range(TIMES):
                client.get(path)
            clock.change()
    names = ("queries", "templates", "framework")
    return Shares(page, {name: 1000 * clock.booked[name] / TIMES for name in names})
