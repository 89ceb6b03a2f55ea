from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.backup.archive import Broken
from portal.backup.restoring import NotEmpty, restore


class Command(BaseCommand):
    help = (
        "Puts a backup into an empty database (SQLite or PostgreSQL, whichever it came from) and an empty folder, then "
        "erases again whom the register of erasures names. Start the site afterwards."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--key", default="", help="private key (PEM) of an encrypted backup")
        parser.add_argument(
            "--erasures", type=Path, metavar="FILE", help="erasures.txt of the lost machine, if newer than the backup"
        )

    def handle(self, *, path: Path, key: str, erasures: Path | None, **options):
        if erasures and not erasures.exists():
            raise CommandError(f"{erasures}: there is no such file")
        try:
            with translation.override("pl"):
                restore(path, key, erasures, self.stdout.write)
        except (Broken, NotEmpty) as refused:
            raise CommandError(f"{refused} Nothing was restored.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}. Nothing was restored.") from None
        self.stdout.write("Restored. Start the site, look at it, and make a new backup.")
