"""Views counted while processes are killed: readers ask, SIGKILL falls, and each article's count is compared."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from django.db import OperationalError, connection

from news.models import Article
from portal.counters.models import with_views
from portal.pages.stack.programs import Program
from portal.pages.stack.running import Stack

# So that each view is written and counted: what is measured is what happens.
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CONNECTIONS = 8
PAUSE = 0.01  # seconds between two requests of a reader, so that there is time for kills
SECONDS_TO_BE_COUNTED = 60  # what a page may be late


@dataclass
class Asked:
    """What became of each article's requests, as its readers saw it."""

    answered: Counter = field(default_factory=Counter)  # the whole page came
    broken: Counter = field(default_factory=Counter)  # the connection ended first: sent or not, nobody can know
    refused: Counter = field(default_factory=Counter)  # another answer, such as 503


@dataclass(frozen=True)
class Findings:
    requests: int
    answered: int
    broken: int
    refused: int
    kills: dict[str, int]
    counted: int
    lost: int  # answered and not counted
    twice: int  # counted beyond what was asked
    seconds: float

    @property
    def in_flight(self) -> int:
        """The most answers that were on their way at the kills."""
        return CONNECTIONS * sum(self.kills.values())

    @property
    def is_right(self) -> bool:
        return self.lost <= self.in_flight and not self.twice

    def __str__(self) -> str:
        killed = ", ".join(f"{name} {times}" for name, times in sorted(self.kills.items()))
        return (
            f"requests  {self.requests} in {self.seconds:.0f} s: {self.answered} answered, {self.broken} connections "
            f"broken, {self.refused} refused\n"
            f"SIGKILL   {sum(self.kills.values())}: {killed}\n"
            f"counted   {self.counted}\n"
            f"lost      {self.lost}   (answers in flight at the kills: at most {self.in_flight})\n"
            f"twice     {self.twice}"
        )


def run(running: Stack, requests: int, progress: Callable[[str], None]) -> Findings:
    paths = {article.pk: article.get_absolute_url() for article in Article.objects.order_by("pk")}
    connection.close()
    asked, kills = Asked(), Counter()
    began = time.monotonic()
    numbers = itertools.islice(itertools.cycle(paths), requests)
    readers = [
        threading.Thread(
            target=read, args=(running.addresses[number % len(running.addresses)], numbers, paths, asked), daemon=True
        )
        for number in range(CONNECTIONS)
    ]
    for reader in readers:
        reader.start()
    for name, whom in itertools.cycle(victims(running)):
        if not any(reader.is_alive() for reader in readers):
            break
        kill(running[name], whom)
        kills[f"{name} {whom}"] += 1
        time.sleep(1)
        for program in running.programs.values():
            program.wait_until_answers()
        time.sleep(0.5)
    seconds = time.monotonic() - began
    progress("waiting for the count")
    counted = wait_for_the_count(paths, asked)
    return Findings(
        requests, asked.answered.total(), asked.broken.total(), asked.refused.total(), dict(kills), counted.total(),
        (asked.answered - counted).total(), (counted - asked.answered - asked.broken).total(), seconds,
    )  # fmt: skip


_lock = threading.Lock()


def read(address: str, numbers, paths: dict[int, str], asked: Asked):
    """One reader: takes the next article until there is none."""
    place = urlsplit(address).netloc
    line = HTTPConnection(place, timeout=70)
    while True:
        with _lock:
            article = next(numbers, None)
        if article is None:
            return line.close()
        try:
            line.request("GET", paths[article], headers={"User-Agent": READER})
            response = line.getresponse()
            response.read()
            became = asked.answered if response.status == 200 else asked.refused
        except ConnectionRefusedError:
            became = asked.refused  # nobody was there to count
        except (OSError, HTTPException):
            became = asked.broken
        with _lock:
            became[article] += 1
        if became is not asked.answered:
            line.close()
        time.sleep(PAUSE)


def victims(running: Stack) -> list[tuple[str, str]]:
    """(program, "child" or "first"): a worker, or the process that all the others come from."""
    return [
        (name, whom)
        for name in reversed(running.programs)
        for whom in ("child", "first")
        if whom == "first" or has_children(name)
    ]


def has_children(name: str) -> bool:
    return not name.startswith(("tick", "redis"))


def kill(program: Program, whom: str):
    first, *children = program.pids()
    program.kill(random.choice(children) if whom == "child" and children else first)


def wait_for_the_count(paths, asked: Asked) -> Counter:
    """Until all that was answered is counted, or the time is over in which it must be."""
    deadline = time.monotonic() + SECONDS_TO_BE_COUNTED
    while asked.answered - read_count(paths) and time.monotonic() < deadline:
        time.sleep(0.5)
    time.sleep(3)  # what was broken off may be counted a moment later, and twice would show here
    return read_count(paths)


def read_count(paths) -> Counter:
    try:
        rows = with_views(Article.objects.filter(pk__in=paths)).values_list("pk", "views")
        return Counter({pk: views for pk, views in rows if views})
    except OperationalError:  # its server was killed last and is coming back
        connection.close()
        return Counter()
