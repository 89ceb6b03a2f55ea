import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.pages.bench import breakage, data, edge, growth, load, pages, report, views, workplace
from portal.pages.bench.photos import drop
from portal.pages.bench.place import own_place
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
        "while processes are killed; or compares nginx's kept pages with files; or breaks things under load."
    )

    def add_arguments(self, parser):
        parser.add_argument("what", choices=sorted(self.measurements()))
        parser.add_argument("--small", action="store_true", help="short, to see that nothing is badly wrong")
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
        }

    def handle(self, *, what: str, small: bool, database: str, **options):
        if sys.platform == "win32":
            raise CommandError("gunicorn, which is measured here, does not run on Windows.")
        if os.environ.get(INSIDE):
            return self.measurements()[what](small)
        codes = []
        for place in places(what, database):
            codes.append(self.measure_in(place, what, small))
            if codes[-1] < 0:  # ended by a signal: somebody asked for it
                break
        if any(codes):
            sys.exit(max(map(abs, codes)))

    def measure_in(self, place, what: str, small: bool) -> int:
        with place as environment:
            return run_inside({**environment, INSIDE: "1"}, "bench", what, *(["--small"] if small else []))

    def measure_pages(self, small: bool):
        self.progress("A county of 1,000 articles in a database of its own")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        data.fill(self.progress)
        rounds, seconds = (SMALL_ROUNDS, SMALL_SECONDS) if small else (ROUNDS, SECONDS)
        with TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
            rows = pages.run(rounds, seconds, Path(scratch), self.progress)
        self.stdout.write(f"\n{report.table(rows)}\n")
        self.stdout.write(self.conditions(rounds, seconds))
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
        self.stdout.write(f"\n{'milliseconds at … articles':34}{headings}   growth, beside a bare Django view")
        self.stdout.write("\n".join(map(str, rows)))
        self.stdout.write("\n" + "\n".join(map(str, searches)))
        self.stdout.write(f"\n{engine()}, gunicorn, every page made anew, one request at a time, median.")
        if wrong := [row for row in [*rows, *searches] if not row.is_right]:
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
        self.stdout.write("\n" + "\n".join(map(str, rows)))
        self.stdout.write(
            f"\n{engine()}, nginx and two gunicorns; pages fresh for {settings.PAGE_CACHE_SECONDS} s and shown as long "
            f"again; {load.CONNECTIONS} connections of wrk, median of {rounds} × {seconds} s, in turn."
        )

    def try_signup(self, small: bool):
        call_command("migrate", verbosity=0)
        wrong = 0
        for row in proof.run(Path(settings.VAR_DIR), small=small):
            self.progress(str(row))
            wrong += not row.ok
        if wrong:
            raise CommandError(f"{wrong} cases went wrong.")

    def drop_photos(self, small: bool):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        with TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
            report = drop.run(Path(scratch), small=small, progress=self.progress)
        self.stdout.write(f"\n{report}\n")
        if report.wrong:
            raise CommandError("; ".join(report.wrong))

    def measure_admin(self, small: bool):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        rows = workplace.run(small, self.progress)
        for row in rows:
            self.stdout.write(str(row))
        if not all(row.is_right for row in rows):
            raise CommandError("The editors' workplace is slower than it may be.")

    def count_views(self, small: bool):
        writer = "nginx" if settings.BEHIND_NGINX else "the portal"
        self.stdout.write(f"\nThe journal is written by {writer}, the count is kept by {engine()}")
        size = data.Size(articles=50 if small else 200, institutions=5, events=5, notices=5)
        with stack(lambda: data.fill(self.progress, size), self.progress, tick_seconds=1) as running:
            findings = views.run(running, SMALL_VIEWS if small else VIEWS, self.progress)
        self.stdout.write(f"{findings}\n")
        if not findings.is_right:
            raise CommandError("Views were lost that were not in flight, or counted twice.")

    def break_things(self, small: bool):
        size = data.Size(articles=200, institutions=5, events=5, notices=5)
        wrong = 0
        with stack(lambda: data.fill(self.progress, size), self.progress) as running:
            for row in breakage.run(running, small, self.progress):
                self.progress(str(row))
                wrong += not row.ok
        if wrong:
            raise CommandError(f"{wrong} cases went wrong.")

    def progress(self, step: str):
        self.stdout.write(f"  {step}")
        self.stdout.flush()

    def conditions(self, rounds: int, seconds: float) -> str:
        return (
            f"\n{engine()}, gunicorn with 2 workers, pages made anew each time but for the repeated article, "
            f"{load.CONNECTIONS} connections of {load.tool()}, median of {rounds} × {seconds} s.\n"
            "Bare: a Django view without middleware that returns the same bytes. Ratio: portal to bare, of this run."
        )


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
