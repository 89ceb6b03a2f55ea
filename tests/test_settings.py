"""Settings are safe when nothing is set, and a value that cannot be understood stops the start with its name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
VARIABLES = "ALLOWED_HOSTS DATABASE_URL DEBUG EMAIL_URL PAGE_CACHE_SECONDS PORT REDIS_URL SECRET_KEY SITE_URL".split()


def read_settings(tmp_path, names: str, **environment):
    """Ask the real settings in a process of their own; the values stand in its standard output."""
    question = f"import portal.settings as s; print([getattr(s, name) for name in {names.split()}])"
    own = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    own |= {"VAR_DIR": str(tmp_path), **environment}
    return subprocess.run([sys.executable, "-c", question], cwd=ROOT, env=own, capture_output=True, text=True)


def values(tmp_path, names: str, **environment) -> str:
    answer = read_settings(tmp_path, names, **environment)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_nothing_set_means_the_safe_choice(tmp_path):
    assert values(tmp_path, "DEBUG ALLOWED_HOSTS") == str([False, ["127.0.0.1", "127.0.0.1", "localhost", "[::1]"]])
    assert values(tmp_path, "SESSION_COOKIE_HTTPONLY CSRF_COOKIE_HTTPONLY X_FRAME_OPTIONS") == str([True, True, "DENY"])
    assert "sqlite3" in values(tmp_path, "DATABASES")


def test_the_secret_key_stays_the_same_and_only_its_owner_reads_it(tmp_path):
    first, second = (values(tmp_path, "SECRET_KEY") for _start in range(2))
    assert first == second and len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_cookies_and_redirects_follow_the_scheme_of_the_site(tmp_path):
    names = "SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_NAME"
    assert values(tmp_path, names) == str([False, False, False, "sessionid"])
    assert values(tmp_path, names, SITE_URL="https://portal.example") == str([True, True, True, "__Host-sessionid"])


@pytest.mark.parametrize(
    "name, value",
    [
        ("DEBUG", "maybe"),
        ("PORT", "eight thousand"),
        ("PAGE_CACHE_SECONDS", "5s"),
        ("SITE_URL", "portal.example"),
        ("SITE_URL", "ftp://portal.example"),
        ("REDIS_URL", "localhost:6379"),
        ("EMAIL_URL", "mail.example:25"),
        ("DATABASE_URL", "bogus://x/y"),
    ],
)
def test_nonsense_stops_the_start_and_is_named(tmp_path, name, value):
    answer = read_settings(tmp_path, "DEBUG", **{name: value})
    assert answer.returncode != 0
    assert name in answer.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", VARIABLES)
def test_an_empty_variable_means_the_same_as_none(tmp_path, name):
    assert values(tmp_path, "DATABASES", **{name: ""}) == values(tmp_path, "DATABASES")
