"""All cases of `bench breakage`, one after the other."""

from collections.abc import Callable, Iterator

from portal.pages.stack.running import Stack

from .breakage import Site, database_away, many_connections, redis_away, slow_clients, web_killed
from .killed_writers import publications, uploads
from .signup.findings import Row


def run(running: Stack, small: bool, progress: Callable[[str], None]) -> Iterator[Row]:
    site = Site(running, 8 if small else 60)
    cases = [
        lambda: database_away(site, "killed"),
        lambda: database_away(site, "frozen"),
        lambda: redis_away(site, "killed"),
        lambda: redis_away(site, "frozen"),
        lambda: web_killed(site),
        lambda: uploads(site),
        lambda: publications(site),
        lambda: slow_clients(site),
        lambda: many_connections(site, 1000 if small else 10_000),
    ]
    for case in cases:
        yield case()
        for program in running.programs.values():
            program.wait_until_answers()
