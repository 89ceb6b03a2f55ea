"""What measurements found, kept as files: the report is written from them, on the machine that they name."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings

FOLDER = settings.BASE_DIR / "docs" / "bench"


@dataclass
class Kept:
    what: str
    place: str  # "sqlite3", "postgresql behind nginx"
    day: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%d}")
    machine: str = field(default_factory=lambda: machine())
    lines: list[str] = field(default_factory=list)
    figures: dict = field(default_factory=dict)

    def save(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        name = f"{self.what}-{self.place.replace(' ', '-')}.json"
        (FOLDER / name).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")


def all_kept() -> Iterator[Kept]:
    for path in sorted(FOLDER.glob("*.json")):
        yield Kept(**json.loads(path.read_text()))


def machine() -> str:
    names = [line.partition(":")[2].strip() for line in read("/proc/cpuinfo") if line.startswith("model name")]
    memory = [int(line.split()[1]) / 1024 / 1024 for line in read("/proc/meminfo") if line.startswith("MemTotal")]
    return ", ".join([
        f"{os.cpu_count()} × {names[0] if names else platform.machine()}", *(f"{found:.0f} GiB" for found in memory),
        platform.system(), f"Python {platform.python_version()}", f"Django {django.__version__}",
    ])  # fmt: skip


def read(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
