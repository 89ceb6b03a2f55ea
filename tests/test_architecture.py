"""What holds the house together: the direction of imports, and nothing that works only on somebody's own machine."""

import re
import subprocess
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[1]
# Written with brackets, so that this file does not find itself.
REGISTRY_HOST = re.compile(r"p[y]pi\.org|python[h]osted\.|npm[j]s\.|deb\.[d]ebian|yarn[p]kg\.")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:[w]ork|[h]ome|[r]oot|[U]sers)/\w")


def test_imports_point_down():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("pattern", [REGISTRY_HOST, MACHINE_PATH], ids=["registry host", "machine path"])
def test_no_file_names_a(pattern):
    assert not [f"{name}: {match[0]}" for name, text in own_text_files() if (match := pattern.search(text))]


def own_text_files():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.decode().split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in content and "/vendor/" not in name:
            yield name, content.decode("utf-8")
