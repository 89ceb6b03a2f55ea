"""Pages for nginx to show when the portal cannot: files with the office's phone, without database or worker."""

import json
import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from institutions.models import Office

from .furniture import contact as contact_of

logger = logging.getLogger("portal.pages")

CONTACT = "contact.json"


def folder() -> Path:
    return settings.VAR_DIR / "errors"


def write() -> str:
    """Make the files what they should be now; a reader sees the old one or the new one, never a part."""
    office = Office.current()
    contact = contact_of(office)
    changed = _replace(folder() / CONTACT, json.dumps(contact, ensure_ascii=False, indent=1))
    with override(settings.LANGUAGE_CODE):
        for name, title, words in pages():
            page = render_to_string("refusal.html", {"contact": contact, "title": title, "words": words})
            changed += _replace(folder() / name, page)
    return f"{changed} changed"


def write_soon(**_signal):
    """When the office is saved, once it is saved for good; other hosts follow with their next tick."""
    transaction.on_commit(_try_to_write)


def _try_to_write():
    try:
        write()
    except Exception as error:  # a full disk, or static files not collected yet, must not keep the office from saving
        logger.warning("the error pages wait for the next tick: %s", error)


def contact() -> dict[str, str]:
    """The office's, as last written here; empty when nothing was."""
    try:
        return json.loads((folder() / CONTACT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def pages() -> list[tuple[str, str, str]]:
    """(name of the file, title, words): the names are the status with which nginx shows them."""
    away = _("We are working on it. Please try again in a few minutes, or call us.")
    many = _(
        "Very many requests came from your network. Go back in your browser and try again in a moment, or call us."
    )
    missing = _("The address may contain a typing error, or the page has been taken down.")
    much = _("That is more than can be taken at once. Go back in your browser, your text is still there, and choose "
             "fewer or smaller files.")  # fmt: skip
    return [
        ("500.html", _("Something went wrong on our side"), _("It is not your fault. Please try again in a moment.")),
        ("404.html", _("There is no page here"), missing),
        ("503.html", _("The site is not available for a moment"), away),
        ("413.html", _("Too much at once"), much),
        ("429.html", _("Too many requests at once"), many),
    ]


def _replace(path: Path, page: str) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == page:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(page, encoding="utf-8")
    part.replace(path)
    return True
