"""Whether a worker grows: its memory after a thousand answers and after a hundred thousand, of all kinds of pages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import load
from .pages import addresses
from .server import Server, running

FIRST, ALL = 1_000, 100_000
SMALL_FIRST, SMALL_ALL = 300, 3_000
GROWTH_LIMIT = 1.10
ARTICLES = 300  # asked for in turn, beside one page of each other kind


@dataclass(frozen=True)
class Findings:
    requests: int
    before: float  # megabytes, of the workers together
    after: float

    @property
    def growth(self) -> float:
        return self.after / self.before

    @property
    def is_right(self) -> bool:
        return self.growth <= GROWTH_LIMIT

    def __str__(self) -> str:
        return (
            f"{self.before:.1f} MB at first, {self.after:.1f} MB after {self.requests:,} answers: × {self.growth:.3f}"
        )


def run(small: bool, scratch: Path, progress: Callable[[str], None]) -> Findings:
    first, last = (SMALL_FIRST, SMALL_ALL) if small else (FIRST, ALL)
    others = [path for name, path in addresses().items() if name != "article"]
    articles = [addresses()["article"].replace("-7/", f"-{number}/") for number in range(30 if small else ARTICLES)]
    script = load.in_turn(others + articles, scratch)
    with running("portal.wsgi") as server:
        done = ask(server, script, first)
        before = megabytes(server)
        progress(f"{done:,} answers: {before:.1f} MB")
        while done < last:
            done += ask(server, script, last - done)
            progress(f"{done:,} answers: {megabytes(server):.1f} MB")
        return Findings(done, before, megabytes(server))


def ask(server: Server, script: Path, requests: int) -> int:
    """For as many seconds as that many answers take, roughly; returns how many there were."""
    done = 0
    while done < requests:
        done += load.with_wrk(server.url("/"), 2 if requests < 10_000 else 10, script=script).requests
    return done


def megabytes(server: Server) -> float:
    """Of memory that the workers have for themselves, without what they share with the parent."""
    return sum(private_kilobytes(pid) for pid in server.workers()) / 1024


def private_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
