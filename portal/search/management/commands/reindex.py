from time import monotonic

from django.core.management.base import BaseCommand

from portal.search.sources import reindex


class Command(BaseCommand):
    help = "Makes all search documents anew; searching goes on meanwhile."

    def handle(self, **options):
        began = monotonic()
        for label, done, total in reindex():
            if options["verbosity"]:
                self.stdout.write(f"{label}: {done}/{total}")
        if options["verbosity"]:
            self.stdout.write(f"{monotonic() - began:.1f} s")
