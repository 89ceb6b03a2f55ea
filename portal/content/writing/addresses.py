"""Addresses of this site in texts. Who can tell whether a page answers registers here (portal/links does)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings


class State(Enum):
    PUBLIC = "public"
    MOVED = "moved"
    UNPUBLISHED = "unpublished"
    STAFF = "staff"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    state: State
    url: str = ""


_ask: Callable[[str], Answer] | None = None


def register_asker(ask: Callable[[str], Answer]):
    """Have `ask` say what a visitor meets at a path of this site. Called from AppConfig.ready()."""
    global _ask
    _ask = ask


def ask(path: str) -> Answer:
    return _ask(path) if _ask else Answer(State.UNKNOWN)


def own_path(href: str) -> str | None:
    """Path and query of an address of this site; None for every other, and for what is no absolute address."""
    try:
        parts = urlsplit(href.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https") or (host is None and not parts.path.startswith("/")):
        return None
    if host is not None and host.removeprefix("www.") not in own_hosts():
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def own_hosts() -> set[str]:
    names = {settings.SITE_HOST, *settings.ALLOWED_HOSTS}
    return {name.lower().removeprefix("www.") for name in names if name and name[0] not in ".*["}
