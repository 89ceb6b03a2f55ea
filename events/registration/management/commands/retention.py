from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from events.registration.retention import forget, report


class Command(BaseCommand):
    help = "Forgets personal data whose period is over, as `tick` does every hour; --dry-run only counts."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count what would be forgotten now")

    def handle(self, *, dry_run: bool, **options):
        with translation.override("pl"):
            run = forget(is_dry_run=dry_run)
            self.stdout.write(_("Would be forgotten now:") if dry_run else _("Forgotten:"))
            for line in report(run):
                self.stdout.write(f"  {line}")
