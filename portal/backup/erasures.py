"""The register of erased people beside the database: without it a backup from before would bring them back.

One line for each registration, its random number, nothing about the person. Copy it to another machine often.
"""

import os
from pathlib import Path

from django.conf import settings

from events.registration.models import Erasure


def path() -> Path:
    return settings.FILES_DIR / "erasures.txt"


def write() -> str:
    """Bring the file up to the database. What stands in it only (an older database was put back) stays."""
    known = read(path())
    found = {uid for erasure in Erasure.objects.all() for uid in erasure.registrations}
    if new := found - known:
        path().parent.mkdir(parents=True, exist_ok=True)
        part = path().with_suffix(".part")
        with part.open("w") as file:
            file.writelines(f"{uid}\n" for uid in sorted(known | found))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path())
    return f"{len(new)} new"


def read(file: Path) -> set[str]:
    """Empty when there is no such file."""
    return set(file.read_text().split()) if file.exists() else set()
