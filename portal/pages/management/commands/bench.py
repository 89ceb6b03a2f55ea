import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.pages.bench import data, load, pages, report, workplace
from portal.pages.bench.photos import drop
from portal.pages.bench.place import own_place
from portal.pages.bench.signup import proof

INSIDE = "PORTAL_BENCH_INSIDE"  # set in the process whose database is the measurement's own
ROUNDS, SECONDS = 3, 4
SMALL_ROUNDS, SMALL_SECONDS = 1, 1


class Command(BaseCommand):
    help = (
        "Measures the pages, each beside a bare Django view; or tries sign-up under a storm, on every database; "
        "or drops forty photos into the editors' form; or measures the editors' list and saving."
    )

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["pages", "signup", "photos", "admin"])
        parser.add_argument("--small", action="store_true", help="short, to see that nothing is badly wrong")
        parser.add_argument(
            "--database", default="", help="a PostgreSQL server's address; a database is made and dropped there"
        )

    def handle(self, *, what: str, small: bool, database: str, **options):
        if sys.platform == "win32":
            raise CommandError("gunicorn, which is measured here, does not run on Windows.")
        if os.environ.get(INSIDE):
            measure = {
                "pages": self.measure_pages,
                "signup": self.try_signup,
                "photos": self.drop_photos,
                "admin": self.measure_admin,
            }
            return measure[what](small)
        codes = [self.run_inside(what, small, found) for found in databases(what, database)]
        if any(codes):
            sys.exit(max(codes))

    def run_inside(self, what: str, small: bool, database: str) -> int:
        with own_place(database) as environment:
            command = [sys.executable, "manage.py", "bench", what, *(["--small"] if small else [])]
            own = {**os.environ, **environment, INSIDE: "1"}
            return subprocess.run(command, cwd=settings.BASE_DIR, env=own).returncode

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

    def progress(self, step: str):
        self.stdout.write(f"  {step}")
        self.stdout.flush()

    def conditions(self, rounds: int, seconds: float) -> str:
        engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[1]
        return (
            f"\n{engine}, gunicorn with 2 workers, pages made anew each time, {load.CONNECTIONS} connections "
            f"of {load.tool()}, median of {rounds} × {seconds} s.\n"
            "Bare: a Django view without middleware that returns the same bytes. Ratio: portal to bare, of this run."
        )


def databases(what: str, database: str) -> list[str]:
    """Addresses of servers, "" for a SQLite file: pages and photos on one, the sign-up on each that there is."""
    if what != "signup":
        return [database]
    return ["", *filter(None, [database or os.environ.get("TEST_DATABASE_URL", "")])]
