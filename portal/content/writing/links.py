"""Links: their words, and whether those of this site lead where a reader gets in."""

import re

from django.utils.translation import gettext as _

from . import addresses
from .addresses import State
from .blocks import Link, Text
from .findings import Finding, Severity, at, quoted, shortened

VAGUE = {
    "kliknij", "kliknij tutaj", "kliknij tu", "kliknij link", "kliknij w link", "kliknij poniżej", "tutaj", "tu",
    "więcej", "więcej informacji", "czytaj więcej", "czytaj dalej", "zobacz", "zobacz więcej", "zobacz tutaj",
    "dowiedz się więcej", "link", "pod linkiem", "pod tym linkiem", "ten link", "strona", "na stronie",
    "na tej stronie", "pobierz", "pobierz tutaj", "szczegóły", "przejdź", "click here", "here", "read more", "more",
}  # fmt: skip
MOST_ASKED = 40
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
HOST_LIKE = re.compile(r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:pl|eu|com|org|net|gov|info)(?:/|$))", re.IGNORECASE)


def check_words(text: Text) -> list[Finding]:
    return [
        at(text, block, code, severity, message, link.text, link.start)
        for block in text.blocks
        for link in block.links
        if (found := _about_words(link))
        for code, severity, message in [found]
    ]


def _about_words(link: Link) -> tuple[str, Severity, str] | None:
    if not link.text:
        return "empty-link", Severity.WARNING, _("The link to %(address)s has no words, so nobody can find it.") % {
            "address": quoted(shortened(link.href))
        }  # fmt: skip
    if link.text.strip(" .…:!>»→()[]").casefold() in VAGUE:
        message = _("The link %(words)s does not say where it leads. Name the page or the document.")
        return "vague-link", Severity.WARNING, message % {"words": quoted(link.text)}
    if ADDRESS.fullmatch(link.text):
        return "address-as-words", Severity.HINT, _("The words of this link are an address. Write what is found there.")
    return None


def check_targets(text: Text) -> list[Finding]:
    """The first links only: each costs the making of a page. The nightly check looks at all of them."""
    asked = set(list(dict.fromkeys(link.href for block in text.blocks for link in block.links))[:MOST_ASKED])
    return [
        at(text, block, code, severity, message, link.text, link.start)
        for block in text.blocks
        for link in block.links
        if link.href in asked
        if (found := about_target(link.href, text.anchors))
        for code, severity, message in [found]
    ]


def about_target(href: str, anchors: set[str]) -> tuple[str, Severity, str] | None:
    """What is wrong with where a link of this site leads; nothing about links that leave it."""
    shown = {"address": quoted(shortened(href))}
    if href.startswith("#"):
        if href[1:] and href[1:] not in anchors:
            return "lost-anchor", Severity.WARNING, _("There is no place %(address)s in this text.") % shown
        return None
    path = addresses.own_path(href)
    if path is None:
        if href and not SCHEME.match(href) and not href.startswith("//"):
            return "relative-address", Severity.WARNING, _relative(href) % shown
        return None
    answer = addresses.ask(path)
    if answer.state == State.MISSING:
        return "missing-page", Severity.WARNING, _("There is no page %(address)s on this site.") % shown
    if answer.state == State.UNPUBLISHED:
        return "unpublished-page", Severity.WARNING, _("%(address)s is not published: readers will not get in.") % shown
    if answer.state == State.STAFF:
        return "staff-page", Severity.WARNING, _("%(address)s is for editors only: readers will not get in.") % shown
    if answer.state == State.MOVED:
        shown["new"] = quoted(answer.url)
        return "moved-page", Severity.HINT, _("The page %(address)s has a new address: %(new)s.") % shown
    return None


def _relative(href: str) -> str:
    if HOST_LIKE.match(href):
        return _("The address %(address)s lacks https:// at its beginning, so the link leads nowhere.")
    return _("The address %(address)s must begin with / (a page of this site) or with https:// (another site).")
