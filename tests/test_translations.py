"""The interface is Polish to the last phrase."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import lacking

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = Path("locale/pl/LC_MESSAGES/django.po")
NOT_EXTRACTED = shutil.ignore_patterns(".venv", ".git", "var", "node_modules", "vendor", "fixtures", "tests")


def entries(root: Path) -> dict[str, str]:
    """Phrases (with context and plural) and their translations, as they stand in the file."""
    text = re.sub(r"(?m)^#.*\n", "", (root / CATALOGUE).read_text(encoding="utf-8"))
    parts = [block.strip().partition("\nmsgstr") for block in text.split("\n\n")[1:]]
    return {phrase: translation for phrase, _msgstr, translation in parts if phrase}


def test_every_phrase_is_translated():
    # A translation over several lines begins with an empty string too, followed by another.
    empty = re.compile(r'""\s*(\n\[|\nmsgstr|$)')
    assert not [phrase for phrase, translation in entries(ROOT).items() if empty.search(translation)]


def test_no_translation_is_a_guess():
    assert "#, fuzzy" not in (ROOT / CATALOGUE).read_text(encoding="utf-8").partition("\n\n")[2]


def test_the_catalogue_holds_every_phrase_of_the_code(tmp_path):
    if not shutil.which("xgettext"):
        lacking("gettext is not installed")
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=NOT_EXTRACTED)
    (copy / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "pl", "--ignore", "fixtures/*", "--verbosity", "0"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        cwd=copy,
        check=True,
    )
    assert entries(copy).keys() - entries(ROOT).keys() == set()
