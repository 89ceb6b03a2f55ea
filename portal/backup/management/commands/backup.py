import sqlite3
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portal.backup import archive


class Command(BaseCommand):
    help = (
        "Writes a backup (database and uploads, one checked file) into a folder while the site goes on; or checks one "
        "with --verify."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="a folder; with --verify a backup")
        parser.add_argument("--verify", action="store_true", help="read a backup and compare everything in it")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="afterwards remove all but the N newest")
        parser.add_argument(
            "--encrypt-to", default="", metavar="CERTIFICATE", help="X.509 certificate (PEM) whose owner alone can read"
        )
        parser.add_argument("--key", default="", help="private key (PEM) of an encrypted backup, for --verify")

    def handle(self, *, path: Path, verify: bool, keep: int, encrypt_to: str, key: str, **options):
        try:
            if verify:
                self.show(archive.verify(path, key))
                return
            made = archive.write(path, encrypt_to, self.say)
            archive.note_success()
            self.stdout.write(f"{made} ({made.stat().st_size / 1024**2:.1f} MB)")
            for old in archive.keep_newest(path, keep):
                self.say(f"removed {old.name}")
        except archive.Broken as broken:
            raise CommandError(str(broken)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}. No backup was made.") from None
        except (DatabaseError, sqlite3.Error) as error:  # also the disk's, told by the database
            raise CommandError(f"The database cannot be read: {error}. No backup was made.") from None

    def show(self, contents: archive.Contents):
        manifest = contents.manifest
        self.stdout.write(
            f"Good. Made {manifest['made_at']} from {manifest['database']} of {manifest['settings']['SITE_URL']}."
        )
        self.stdout.write(f"{sum(contents.counts.values())} rows, {contents.files} files, {contents.size} bytes.")
        for label, number in contents.counts.items():
            if number:
                self.stdout.write(f"  {label} {number}")

    def say(self, words: str):
        print(words, file=sys.stderr, flush=True)
