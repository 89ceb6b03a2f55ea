"""Pages for nginx to show when the portal cannot: files with the office's phone, without database or worker."""

import logging
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from .furniture import furniture

logger = logging.getLogger("portal.pages")


def folder() -> Path:
    return settings.VAR_DIR / "errors"


def write() -> str:
    """Make the files what they should be now; a reader sees the old one or the new one, never a part."""
    contact = furniture()["contact"]
    changed = 0
    with override(settings.LANGUAGE_CODE):
        for name, title, words in pages():
            page = render_to_string("refusal.html", {"contact": contact, "title": title, "words": words})
            changed += _replace(folder() / name, page)
    return f"{changed} changed"


def pages() -> list[tuple[str, str, str]]:
    """(name of the file, title, words): the names are the status with which nginx shows them."""
    away = _("We are working on it. Please try again in a few minutes, or call us.")
    much = _("That is more than can be taken at once. Go back in your browser, your text is still there, and choose "
             "fewer or smaller files.")  # fmt: skip
    return [
        ("503.html", _("The site is not available for a moment"), away),
        ("413.html", _("Too much at once"), much),
    ]


def _replace(path: Path, page: str) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == page:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(page, encoding="utf-8")
    part.replace(path)
    return True
