import os
import sys
import time

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.pages.stack.place import DATABASES, run_inside, stack_place
from portal.pages.stack.running import stack

INSIDE = "PORTAL_STACK_INSIDE"  # set in the process whose settings are the stack's


class Command(BaseCommand):
    help = (
        "Starts the portal as it runs for an office (nginx, two web processes, PostgreSQL, Redis, tick) with the demo "
        "county, in a temporary folder and on free ports, until Ctrl+C."
    )

    def add_arguments(self, parser):
        parser.add_argument("--database", choices=DATABASES, default=DATABASES[0])

    def handle(self, *, database: str, **options):
        if sys.platform == "win32":
            raise CommandError("gunicorn does not run on Windows.")
        if os.environ.get(INSIDE):
            return self.run()
        with stack_place(database) as environment:
            code = run_inside({**environment, INSIDE: "1"}, "stack", "--database", database)
        sys.exit(code)

    def run(self):
        def fill():
            call_command("load_demo", stdout=self.stdout)
            call_command("first_admin", stdout=self.stdout)

        with stack(fill, self.progress):
            self.progress("Ctrl+C ends it and removes its folder.")
            try:
                while True:
                    time.sleep(1)
            except KeyboardInterrupt:
                pass

    def progress(self, step: str):
        self.stdout.write(step)
        self.stdout.flush()
