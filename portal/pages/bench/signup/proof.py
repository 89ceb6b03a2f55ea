from collections.abc import Iterator
from pathlib import Path

from .cases import CASES, SMALL_CASES
from .findings import Row
from .scene import open_office
from .world import world


def run(folder: Path, *, small: bool) -> Iterator[Row]:
    """Try the cases on the database of this process, which must be migrated and empty. `folder` is for files."""
    open_office()
    with world(folder) as found:
        for case in SMALL_CASES if small else CASES:
            yield case(found, small)
