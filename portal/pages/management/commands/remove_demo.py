from django.core.management.base import BaseCommand, CommandError

from portal.pages.demo.removing import DemoInUse, remove


class Command(BaseCommand):
    help = "Removes everything that load_demo made, and nothing else."

    def handle(self, **options):
        try:
            count = remove()
        except DemoInUse as error:
            raise CommandError("Nic nie usunięto, bo pokazu używają:\n  " + "\n  ".join(error.things)) from error
        self.stdout.write(f"Usunięto pokaz ({count} rekordów).")
