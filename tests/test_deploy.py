"""What lies in deploy/ fits the portal: commands exist, settings are known, systemd understands the units."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.conftest import lacking

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[1]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("portal-*.*"))
SETTINGS = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "README.md").read_text()))


def names_of(file: str) -> set[str]:
    return set(re.findall(r"^\s*([A-Z_]{4,})[=:]", (ROOT / "deploy" / file).read_text(), re.MULTILINE))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_what_there_is(unit):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit)
    text = unit.read_text()
    for command in re.findall(r"manage\.py (\w+)", text):
        assert command in get_commands()
    for path in re.findall(r"-c (\S+)", text):
        assert (ROOT / path).exists()
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service") in UNITS


@pytest.mark.parametrize("file", ["systemd/portal.env", "compose.env.example", "compose.yaml"])
def test_settings_are_those_of_the_readme(file):
    own = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS", "LISTEN"}
    assert names_of(file) - own <= SETTINGS
    assert len(names_of(file)) > 3


def test_commands_of_the_compose_file_exist():
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    commands = set(re.findall(r'manage\.py",? "?(\w+)', text)) | set(re.findall(r"manage\.py (\w+)", text))
    assert {"migrate", "tick", "backup", "nginx_config"} <= commands <= set(get_commands())


def test_systemd_understands_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        lacking("no systemd-analyze on PATH: install Debian's systemd")
    for unit in UNITS:
        text = unit.read_text().replace("/opt/portal/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True, text=True,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "portal-" in line]
    assert (done.returncode, said) == (0, []), done.stderr
