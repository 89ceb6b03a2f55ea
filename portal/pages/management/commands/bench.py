import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.test import Client

from portal.pages.bench import (
    broken,
    data,
    edge,
    growth,
    lighthouse,
    load,
    memory,
    pages,
    report,
    shares,
    views,
    workplace,
    written,
)
from portal.pages.bench.kept import Kept
from portal.pages.bench.photos import drop
from portal.pages.bench.place import own_place
from portal.pages.bench.server import HOST
from portal.pages.bench.signup import proof
from portal.pages.stack.place import DATABASES, run_inside, stack_place
from portal.pages.stack.running import stack

INSIDE = "PORTAL_BENCH_INSIDE"  # set in the process whose database is the measurement's own
ROUNDS, SECONDS = 3, 4
SMALL_ROUNDS, SMALL_SECONDS = 1, 1
VIEWS, SMALL_VIEWS = 20_000, 3_000


class Command(BaseCommand):
    help = (
        "Measures the pages, each beside a bare Django view; or tries sign-up under a storm, on every database; "
        "or drops forty photos into the editors' form; or measures the editors' list and saving; or counts views "
        "while processes are killed; or compares nginx's kept pages with files; or breaks things under "
        "load; or asks Lighthouse."
    )

    def add_arguments(self, parser):
        parser.add_argument("what", choices=[*sorted(self.measurements()), "report"])
        parser.add_argument("--small", action="store_true", help="short, to see that nothing is badly wrong")
        parser.add_argument("--keep", action="store_true", help="keep what was found for the report, in docs/bench")
        parser.add_argument(
            "--database", default="", help="a PostgreSQL server's address; a database is made and dropped there"
        )

    def measurements(self) -> dict:
        return {
            "pages": self.measure_pages,
            "growth": self.measure_growth,
            "signup": self.try_signup,
            "photos": self.drop_photos,
            "admin": self.measure_admin,
            "views": self.count_views,
            "edge": self.measure_edge,
            "breakage": self.break_things,
            "memory": self.watch_memory,
            "lighthouse": self.ask_lighthouse,
        }

    def handle(self, *, what: str, small: bool, keep: bool, database: str, **options):
        if what == "report":
            return self.stdout.write("\n".join(written.write()))
        if sys.platform == "win32":
            raise CommandError("gunicorn, which is measured here, does not run on Windows.")
        if os.environ.get(INSIDE):
            self.kept = Kept(what, place_name(what))
            try:
                return self.measurements()[what](small)
            finally:
                if keep:
                    self.kept.save()
        codes = []
        for place in places(what, database):
            codes.append(self.measure_in(place, what, small, keep))
            if codes[-1] < 0:  # ended by a signal: somebody asked for it
                break
        if any(codes):
            sys.exit(max(map(abs, codes)))

    def measure_in(self, place, what: str, small: bool, keep: bool) -> int:
        words = [what, *(["--small"] if small else []), *(["--keep"] if keep else [])]
        with place as environment:
            return run_inside({**environment, INSIDE: "1"}, "bench", *words)

    def measure_pages(self, small: bool):
        self.progress("A county of 1,000 articles in a database of its own")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        data.fill(self.progress)
        rounds, seconds = (SMALL_ROUNDS, SMALL_SECONDS) if small else (ROUNDS, SECONDS)
        with TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
            rows = pages.run(rounds, seconds, Path(scratch), self.progress)
        self.tell(report.table(rows), self.conditions(rounds, seconds), "")
        for name in ("article", "list"):
            self.tell(shares.shares_of(name, pages.addresses()[name], Client(SERVER_NAME=HOST)))
        self.kept.figures = {row.name: {"portal": row.portal.per_second, "bare": row.bare.per_second} for row in rows}
        article = next(row for row in rows if row.name == "article")
        if article.queries > pages.MOST_QUERIES_OF_AN_ARTICLE:
            raise CommandError(
                f"The article makes {article.queries} queries, {pages.MOST_QUERIES_OF_AN_ARTICLE} are allowed."
            )

    def measure_growth(self, small: bool):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        sizes = growth.SMALL_SIZES if small else growth.SIZES
        with TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
            rows, searches = growth.run(sizes, Path(scratch), self.progress)
        headings = "".join(f"{size.articles:>9,}" for size in sizes)
        self.tell(f"{'milliseconds at … articles':34}{headings}   growth, beside a bare Django view", *rows)
        self.tell(*searches, f"{engine()}, gunicorn, every page made anew, one request at a time, median.")
        costs = {row.page.name: [cost.in_bare_views for cost in row.costs] for row in rows}
        self.kept.figures = {"sizes": [size.articles for size in sizes], "costs": costs}
        # Of lists that are not full yet nothing can be said: small, it shows that the measurement works.
        if not small and (wrong := [row for row in [*rows, *searches] if not row.is_right]):
            raise CommandError(f"{len(wrong)} pages cost more than they may.")

    def measure_edge(self, small: bool):
        if load.tool() != "wrk":
            raise CommandError("wrk is not installed here, and no other client is fast enough: apt install wrk")
        articles = 50 if small else 1000
        size = data.Size(articles=articles, institutions=20, events=20, notices=20)
        rounds, seconds = (SMALL_ROUNDS, SMALL_SECONDS) if small else (ROUNDS, SECONDS)
        with TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
            measured = edge.Edge(Path(scratch), articles)
            with stack(
                lambda: data.fill(self.progress, size), self.progress, nginx_extra=measured.nginx_extra
            ) as running:
                rows = measured.run(running, rounds, seconds, self.progress)
        self.tell(
            *rows,
            f"{engine()}, nginx and two gunicorns; pages fresh for {settings.PAGE_CACHE_SECONDS} s and shown as long "
            f"again; {load.CONNECTIONS} connections of wrk, median of {rounds} × {seconds} s, in turn.",
        )
        self.kept.figures = {
            row.name: {"portal": row.portal.per_second, "static": row.static.per_second} for row in rows
        }

    def try_signup(self, small: bool):
        call_command("migrate", verbosity=0)
        wrong = 0
        for row in proof.run(Path(settings.VAR_DIR), small=small):
            self.tell(row)
            wrong += not row.ok
        if wrong:
            raise CommandError(f"{wrong} cases went wrong.")

    def drop_photos(self, small: bool):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        with TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
            report = drop.run(Path(scratch), small=small, progress=self.progress)
        self.tell(report)
        if report.wrong:
            raise CommandError("; ".join(report.wrong))

    def measure_admin(self, small: bool):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        rows = workplace.run(small, self.progress)
        self.tell(*rows)
        if not all(row.is_right for row in rows):
            raise CommandError("The editors' workplace is slower than it may be.")

    def count_views(self, small: bool):
        writer = "nginx" if settings.BEHIND_NGINX else "the portal"
        self.tell(f"The journal is written by {writer}, the count is kept by {engine()}")
        size = data.Size(articles=50 if small else 200, institutions=5, events=5, notices=5)
        with stack(lambda: data.fill(self.progress, size), self.progress, tick_seconds=1) as running:
            findings = views.run(running, SMALL_VIEWS if small else VIEWS, self.progress)
        self.tell(findings)
        if not findings.is_right:
            raise CommandError("Views were lost that were not in flight, or counted twice.")

    def break_things(self, small: bool):
        size = data.Size(articles=200, institutions=5, events=5, notices=5)
        wrong = 0
        with stack(lambda: data.fill(self.progress, size), self.progress) as running:
            for row in broken.run(running, small, self.progress):
                self.tell(row)
                wrong += not row.ok
        if wrong:
            raise CommandError(f"{wrong} cases went wrong.")

    def watch_memory(self, small: bool):
        if load.tool() != "wrk":
            raise CommandError("wrk is not installed here: apt install wrk")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        data.fill(self.progress, data.Size(articles=400, institutions=60, events=200, notices=50))
        with TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
            findings = memory.run(small, Path(scratch), self.progress)
        self.tell(findings)
        if not findings.is_right:
            raise CommandError("The workers have grown.")

    def ask_lighthouse(self, small: bool):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_demo", verbosity=0)
        with TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
            found = lighthouse.run(small, Path(scratch), self.progress)
        runs = 1 if small else lighthouse.RUNS
        self.tell(*found, f"Lighthouse {lighthouse.VERSION}, phone profile, performance: median of {runs}.")
        self.kept.figures = {scores.name: scores.others | {"performance": scores.performance} for scores in found}
        # Of one run on a machine that does something else too, speed says nothing.
        wrong = [scores.name for scores in found if not scores.is_complete or not (small or scores.is_fast)]
        if wrong:
            raise CommandError(f"Lighthouse misses something: {', '.join(wrong)}.")

    def tell(self, *found):
        """What was found, on the screen and for the report."""
        for line in "\n".join(map(str, found)).splitlines():
            self.stdout.write(line)
            self.kept.lines.append(line)
        self.stdout.flush()

    def progress(self, step: str):
        self.stdout.write(f"  {step}")
        self.stdout.flush()

    def conditions(self, rounds: int, seconds: float) -> str:
        return (
            f"{engine()}, gunicorn with 2 workers, pages made anew each time but for the repeated article, "
            f"{load.CONNECTIONS} connections of {load.tool()}, median of {rounds} × {seconds} s.\n"
            "Bare: a Django view without middleware that returns the same bytes. Ratio: portal to bare, of this run."
        )


def place_name(what: str) -> str:
    return engine() + (" behind nginx" if what == "views" and settings.BEHIND_NGINX else "")


def engine() -> str:
    return settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[1]


def places(what: str, database: str) -> list:
    """Where it is measured, each yielding its environment: what breaks things has servers of its own."""
    if what == "views":
        return [stack_place(kind, behind_nginx) for kind in DATABASES for behind_nginx in (True, False)]
    if what in ("edge", "breakage"):
        return [stack_place(DATABASES[0])]
    return [own_place(found) for found in databases(what, database)]


def databases(what: str, database: str) -> list[str]:
    """Addresses of servers, "" for a SQLite file: pages and photos on one, the sign-up on each that there is."""
    if what != "signup":
        return [database]
    return ["", *filter(None, [database or os.environ.get("TEST_DATABASE_URL", "")])]
