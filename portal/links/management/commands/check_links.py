from django.core.management.base import BaseCommand

from portal.links import night


class Command(BaseCommand):
    help = "Check the links of all texts now; with --outgoing also those that leave the portal, one site after another."

    def add_arguments(self, parser):
        parser.add_argument(
            "--outgoing", action="store_true", help="ask the other sites too, also where the settings do not"
        )

    def handle(self, outgoing, **options):
        count = night.check_everything(outgoing)
        self.stdout.write(f"{count} links do not work.")
