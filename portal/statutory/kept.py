"""What the portal keeps in a visitor's browser: all of it. tests/test_kept_in_browsers.py compares it with Chromium."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

COOKIE, STORAGE = _("cookie"), _("local storage")


@dataclass(frozen=True)
class Kept:
    name: str
    kind: str
    when: str
    what_for: str
    how_long: str


def everything() -> list[Kept]:
    hours = settings.SESSION_COOKIE_AGE // 3600
    return [
        Kept(
            settings.SESSION_COOKIE_NAME, COOKIE, _("when somebody of the office signs in"),
            _("so that the server knows who is signed in"), _("%(number)s hours at most") % {"number": hours},
        ),
        Kept(
            settings.CSRF_COOKIE_NAME, COOKIE, _("when somebody of the office opens the page for signing in"),
            _("so that no other site can send a form in their name"), _("a year at most"),
        ),
        Kept(
            "text", STORAGE, _("when you change the size of the text"), _("so that the next page has the same size"),
            _("until you remove it; it never leaves your device"),
        ),
        Kept(
            "contrast", STORAGE, _("when you change the contrast"), _("so that the next page has the same contrast"),
            _("until you remove it; it never leaves your device"),
        ),
        Kept(
            "theme", STORAGE, _("when somebody of the office chooses light or dark for the editors' office"),
            _("so that the next page looks the same"), _("until you remove it; it never leaves your device"),
        ),
    ]  # fmt: skip
