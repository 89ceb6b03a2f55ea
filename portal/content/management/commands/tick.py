import logging
import signal
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from portal.content.tick import note_round, run_due_jobs

logger = logging.getLogger("portal.tick")


class Command(BaseCommand):
    help = (
        "Does what time brings: counts views, withdraws files of ended photos, sends mail, moves waiting lists on, "
        "reminds, forgets. Safe to run twice at once."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--loop", nargs="?", type=float, const=5.0, metavar="SECONDS", help="go on, every SECONDS (5)"
        )

    def handle(self, *, loop, **options):
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        while True:
            self.run_once(options["verbosity"], goes_on=loop is not None)
            if loop is None:
                return
            until = time.monotonic() + loop
            while time.monotonic() < until and not stopped:
                time.sleep(0.2)
            if stopped:
                return

    def run_once(self, verbosity: int, goes_on: bool):
        close_old_connections()
        try:
            results = run_due_jobs()
            note_round()
        except (DatabaseError, OSError):
            if not goes_on:
                raise
            # The database is away or the disk is full; when that is over, the next round does what is due.
            logger.exception("tick could not finish its round")
            return
        for name, result in results.items():
            if verbosity > 1 or result == "failed":
                self.stdout.write(f"{name}: {result}")
