from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, SystemCheckError
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from portal.backup import archive, schema


class Command(BaseCommand):
    help = (
        "Brings the database to this version of the portal: backup, migrate, check; on failure back to where it was. "
        "Stop the site before, start it afterwards."
    )
    requires_system_checks = []  # they may ask tables that this very command makes

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="where the backup goes")

    def handle(self, *, folder: Path, **options):
        try:
            kept = archive.write(folder, progress=lambda words: None)
        except (archive.Broken, OSError, DatabaseError) as error:
            raise CommandError(f"No backup can be made, so nothing was changed: {error}") from None
        archive.note_success()
        self.stdout.write(f"Backup: {kept}")
        before = schema.applied(connection)
        try:
            call_command("migrate", verbosity=1, interactive=False, stdout=self.stdout)
            call_command("check", databases=["default"], stdout=self.stdout)
        except (DatabaseError, SystemCheckError, ValueError, LookupError) as error:
            raise CommandError(f"{error}\n{self.roll_back(before)} The backup is {kept}") from None
        self.stdout.write("Done. Start the site.")

    def roll_back(self, before: set[schema.Key]) -> str:
        """Take back the migrations of this run. Returns how that went."""
        connection.close()
        executor = MigrationExecutor(connection)
        if set(executor.loader.applied_migrations) == before:
            return "The database is as it was; go on with the version from before."
        try:
            executor.migrate(schema.leaves(executor.loader.graph, before))
        except (DatabaseError, IrreversibleError) as error:
            return f"And it cannot be taken back ({error}): restore the backup with the version from before."
        return "What had been changed is taken back; go on with the version from before."
