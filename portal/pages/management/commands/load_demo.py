import time

from django.core.management.base import BaseCommand, CommandError

from institutions.models import Institution, Office
from portal.pages.demo.loading import load


class Command(BaseCommand):
    help = "Fills an empty database with the demo county."

    def handle(self, **options):
        if Office.objects.exists() or Institution.objects.exists():
            raise CommandError("Baza nie jest pusta: pokaz można wczytać tylko do pustej bazy.")
        started = time.monotonic()
        load(self.show)
        self.stdout.write(f"Pokaz wczytany w {time.monotonic() - started:.0f} s.")

    def show(self, step: str):
        if self.stdout.isatty():
            self.stdout.write(f"\r  {step:<40}", ending="")
        elif "/" not in step or step.endswith("0/50") or step.split("/")[0][-1] == "0":
            self.stdout.write(f"  {step}")
        self.stdout.flush()
