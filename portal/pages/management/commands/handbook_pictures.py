import os
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.pages.bench import server
from portal.pages.bench.place import own_place
from portal.pages.handbook import pictures
from portal.pages.handbook.tasks import all_tasks

INSIDE = "PORTAL_HANDBOOK_INSIDE"  # set in the process whose demo is made for the pictures alone


class Command(BaseCommand):
    help = "Makes the pictures of the editors' handbook anew, from a demo of their own (static/admin/handbook)."

    def handle(self, **options):
        if not os.environ.get(INSIDE):
            with own_place("") as environment:
                command = [sys.executable, "manage.py", "handbook_pictures"]
                own = {**os.environ, **environment, INSIDE: "1"}
                sys.exit(subprocess.run(command, cwd=settings.BASE_DIR, env=own).returncode)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_demo", stdout=self.stdout)
        call_command("tick")  # else the board would say that it does not run
        try:
            with server.running("portal.wsgi") as running:
                for path in pictures.take(list(all_tasks().values()), running.address):
                    self.stdout.write(f"  {path.name}: {path.stat().st_size // 1024} KB")
        except LookupError as error:
            raise CommandError(str(error)) from None
