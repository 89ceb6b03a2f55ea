import signal
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from portal.content.tick import run_due_jobs


class Command(BaseCommand):
    help = "Does what time brings: counts views, takes files of ended photos off the public path. Safe to run twice at once."

    def add_arguments(self, parser):
        parser.add_argument("--loop", nargs="?", type=float, const=5.0, metavar="SECONDS", help="go on, every SECONDS (5)")

    def handle(self, *, loop, **options):
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        while True:
            close_old_connections()
            for name, result in run_due_jobs().items():
                if options["verbosity"] > 1 or result == "failed":
                    self.stdout.write(f"{name}: {result}")
            if loop is None:
                return
            until = time.monotonic() + loop
            while time.monotonic() < until and not stopped:
                time.sleep(0.2)
            if stopped:
                return
