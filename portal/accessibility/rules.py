"""The rules of an accessibility statement, asked of its HTML: ours before it is published, or any other office's.

Source: "Warunki techniczne publikacji oraz struktura dokumentu elektronicznego deklaracji dostępności", version 2.0 of
31 July 2024. Each rule yields what is wrong, with the id of the element; the numbers DD-… are our own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import SplitResult, urlsplit

from bs4 import BeautifulSoup, Tag
from django.utils.translation import gettext as _

MONTHS = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split()
DATE_IN_WORDS = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}}) r\.")

TITLE = "Deklaracja dostępności"
STATE = "Stan dostępności cyfrowej"
INACCESSIBLE = "Niedostępne treści"
NONCONFORMITY, EXEMPT, BURDEN = "Niezgodność z załącznikiem", "Treści nieobjęte przepisami", "Nadmierne koszty"
PREPARATION = "Przygotowanie deklaracji dostępności i jej aktualizacja"
SHORT_PREPARATION = "Przygotowanie deklaracji dostępności"  # so some of the ministry's own texts call it
CONVENIENCES = "Udogodnienia, ograniczenia i inne informacje"
SHORTCUTS = "Skróty klawiszowe"
CONTACT = "Informacje zwrotne i dane kontaktowe"
PROCEDURE = "Obsługa wniosków i skarg związanych z dostępnością"
OTHER = "Pozostałe informacje"
APPS = "Aplikacje mobilne"
BUILDING, COMMUNICATION = "Dostępność architektoniczna", "Dostępność komunikacyjno-informacyjna"

HEADINGS = [
    STATE, INACCESSIBLE, NONCONFORMITY, EXEMPT, BURDEN, PREPARATION, CONVENIENCES, SHORTCUTS, CONTACT, PROCEDURE,
    OTHER, APPS, BUILDING, COMMUNICATION,
]  # fmt: skip
ALWAYS = {STATE, PREPARATION, CONTACT, PROCEDURE, OTHER, BUILDING, COMMUNICATION}

HEADING_TAG = re.compile(r"^h[1-6]$")
BLOCK = {"section", "div"}
# What each element may be. All of them are always due but for those in CONDITIONAL.
ELEMENTS = {
    "a11y-wstep": BLOCK | {"p"},
    "a11y-podmiot": {"span"},
    "a11y-zakres": {"span"},
    "a11y-url": {"a"},
    "a11y-data-publikacja": {"time"},
    "a11y-data-aktualizacja": {"time"},
    "a11y-status": None,
    "a11y-ocena": None,
    "a11y-data-sporzadzenie": {"time"},
    "a11y-data-przeglad": {"time"},
    "a11y-kontakt": None,
    "a11y-email": None,
    "a11y-telefon": None,
    "a11y-procedura": BLOCK,
    "a11y-aplikacje": None,
    "a11y-architektura": BLOCK,
    "a11y-architektura-url": {"a"},
    "a11y-komunikacja": BLOCK,
}
CONDITIONAL = {"a11y-ocena", "a11y-data-przeglad", "a11y-aplikacje", "a11y-architektura-url"}
IN_THE_BEGINNING = ("a11y-podmiot", "a11y-zakres", "a11y-url")
DATES = [name for name, tags in ELEMENTS.items() if tags == {"time"}]
FULLY, PARTLY, NOT = "w pełni zgodna", "częściowo zgodna", "niezgodna"


@dataclass(frozen=True)
class Finding:
    rule: str
    element: str  # its id, or the heading in question
    words: str

    def __str__(self) -> str:
        return f"{self.rule}  {self.element}: {self.words}"


def check_page(html: str, today: date) -> list[Finding]:
    """What is wrong with a whole page that holds a statement."""
    page = BeautifulSoup(html, "html.parser")
    return [*_language(page), *_title(page), *_link_to_itself(page), *_of_statement(page, today)]


def check_statement(html: str, today: date) -> list[Finding]:
    """The same without what the page around it is asked."""
    return list(_of_statement(BeautifulSoup(html, "html.parser"), today))


def _of_statement(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    for rule in (_elements, _dates, _headings, _compliance, _procedure, _basis, _contact, _interpreter, _review):
        yield from rule(page, today)


def words_of(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


def headings_of(page: BeautifulSoup) -> list[str]:
    return [_heading(tag) for tag in page.find_all(HEADING_TAG)]


def _heading(tag: Tag) -> str:
    words = words_of(tag)
    return PREPARATION if words == SHORT_PREPARATION else words


def parts_of(link: Tag) -> SplitResult:
    try:
        return urlsplit(link.get("href", ""))
    except ValueError:
        return urlsplit("")


def day_of(tag: Tag | None) -> date | None:
    try:
        return date.fromisoformat(tag.get("datetime", "")) if tag else None
    except ValueError:
        return None


def review_is_due(last: date, today: date, ahead: int = 0) -> bool:
    """Whether the yearly review, whose day is 31 March, is still to be made: `last` is that of the latest one.

    A review of January counts for that spring. `ahead`: from so many days before the day on.
    """
    deadline = date(today.year, 3, 31)
    first_day = date(today.year, 1, 1) if (deadline - today).days <= ahead else date(today.year - 1, 1, 1)
    return last < first_day


# --- The page ---------------------------------------------------------------------------------------------------------


def _language(page: BeautifulSoup) -> Iterator[Finding]:
    if not (page.html and page.html.get("lang", "").strip()):
        yield Finding("DD-01", "html", _("The page does not say in which language it is (lang)."))


def _title(page: BeautifulSoup) -> Iterator[Finding]:
    if not any(words_of(tag) == TITLE for tag in page.find_all(["h1", "h2"])):
        yield Finding("DD-04", "h1", _("No heading says “%(title)s”.") % {"title": TITLE})


def _link_to_itself(page: BeautifulSoup) -> Iterator[Finding]:
    if not any(TITLE.lower() in words_of(tag).lower() for tag in page.find_all("a")):
        yield Finding("DD-10", "a", _("No link on the page says “%(title)s”.") % {"title": TITLE})


# --- The statement ----------------------------------------------------------------------------------------------------


def _elements(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    due = _due(page, today)
    for name, tags in ELEMENTS.items():
        found = page.find_all(id=name)
        if not found and name in due:
            yield Finding("DD-02", name, _("It is missing."))
        if found and name not in due and name != "a11y-data-przeglad":
            yield Finding("DD-02", name, _("It is there, though its condition does not hold."))
        if len(found) > 1:
            yield Finding("DD-02", name, _("There are %(count)d of them; one is right.") % {"count": len(found)})
        for tag in found[:1]:
            if tags and tag.name not in tags:
                wanted = ", ".join(sorted(tags))
                yield Finding(
                    "DD-02", name, _("It is <%(is)s>; right is: %(wanted)s.") % {"is": tag.name, "wanted": wanted}
                )
            if not words_of(tag):
                yield Finding("DD-02", name, _("It is empty."))
            if name in IN_THE_BEGINNING and not tag.find_parent(id="a11y-wstep"):
                yield Finding("DD-02", name, _("It must stand inside a11y-wstep."))
    url = page.find(id="a11y-url")
    if url and parts_of(url).scheme not in ("http", "https"):
        yield Finding("DD-02", "a11y-url", _("It must lead to the whole address of the site, with https://."))


def _due(page: BeautifulSoup, today: date) -> set[str]:
    headings, building = headings_of(page), page.find(id="a11y-architektura")
    due = set(ELEMENTS) - CONDITIONAL
    if BURDEN in headings:
        due.add("a11y-ocena")
    if APPS in headings:
        due.add("a11y-aplikacje")
    if building and building.find("a", href=re.compile(r"^(https?:/)?/")):
        due.add("a11y-architektura-url")
    prepared = day_of(page.find(id="a11y-data-sporzadzenie"))
    if prepared and review_is_due(prepared, today):
        due.add("a11y-data-przeglad")
    return due


def _dates(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    days = {}
    for name in DATES:
        tag = page.find(id=name)
        if tag is None:
            continue
        days[name] = day_of(tag)
        if days[name] is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", tag.get("datetime", "")):
            yield Finding("DD-03", name, _("datetime must be a date such as 2026-02-05."))
        said = DATE_IN_WORDS.fullmatch(words_of(tag))
        if not said:
            yield Finding("DD-03", name, _("The words must be such as “5 lutego 2026 r.”."))
        elif days[name] and days[name] != date(int(said[3]), MONTHS.index(said[2]) + 1, int(said[1])):
            yield Finding("DD-03", name, _("The words and datetime name different days."))
        if days[name] and days[name] > today:
            yield Finding("DD-03", name, _("It lies in the future."))
    orders = [("a11y-data-publikacja", "a11y-data-aktualizacja"), ("a11y-data-sporzadzenie", "a11y-data-przeglad")]
    for first, second in orders:
        if days.get(first) and days.get(second) and days[second] < days[first]:
            yield Finding("DD-03", second, _("It is earlier than %(first)s.") % {"first": first})


def _headings(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    found = [heading for heading in headings_of(page) if heading in HEADINGS]
    for heading in HEADINGS:
        if heading in ALWAYS and heading not in found:
            yield Finding("DD-05", heading, _("This heading is missing."))
        if found.count(heading) > 1:
            yield Finding("DD-05", heading, _("This heading stands more than once."))
    for before, after in zip(found, found[1:], strict=False):
        if HEADINGS.index(after) < HEADINGS.index(before):
            yield Finding("DD-05", after, _("It must stand before “%(other)s”.") % {"other": before})
    for heading in _below(page, INACCESSIBLE):
        if heading not in (NONCONFORMITY, EXEMPT, BURDEN):
            words = _("“%(part)s” has three headings at most, and this is none of them.") % {"part": INACCESSIBLE}
            yield Finding("DD-05", heading, words)


def _below(page: BeautifulSoup, heading: str) -> list[str]:
    """The headings between this one and the next prescribed one that is not part of it."""
    headings = headings_of(page)
    if heading not in headings:
        return []
    rest = headings[headings.index(heading) + 1 :]
    ends = [
        place
        for place, other in enumerate(rest)
        if other in HEADINGS and HEADINGS.index(other) > HEADINGS.index(BURDEN)
    ]
    return rest[: ends[0]] if ends else rest


def _compliance(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    tag = page.find(id="a11y-status")
    if not words_of(tag):
        return
    said = [words for words in (FULLY, PARTLY, NOT) if re.search(rf"\b{words}\b", words_of(tag).lower())]
    if len(said) != 1:
        yield Finding(
            "DD-02", "a11y-status", _("It must say exactly one of: %(all)s.") % {"all": ", ".join((FULLY, PARTLY, NOT))}
        )
        return
    has_list = INACCESSIBLE in headings_of(page)
    if said == [FULLY] and has_list:
        yield Finding("DD-06", INACCESSIBLE, _("The site is said to comply in full, so nothing can be inaccessible."))
    if said != [FULLY] and not has_list:
        yield Finding("DD-06", INACCESSIBLE, _("What does not comply must be listed under this heading."))
    if "załącznik" not in words_of(tag.find_parent(["p", "section", "div"]) or tag).lower():
        yield Finding("DD-07", "a11y-status", _("The sentence must name the annex to the act (załącznik)."))


def _procedure(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    tag = page.find(id="a11y-procedura")
    if tag is None:
        return
    said = words_of(tag).lower()
    for pattern, words in ((r"\b7 dni\b|\bsiedmiu dni\b", "7 dni"), (r"\b(2|dwóch) miesi", "2 miesiące")):
        if not re.search(pattern, said):
            yield Finding("DD-08", "a11y-procedura", _("The term is missing: %(term)s.") % {"term": words})
    if not any((parts_of(link).hostname or "").endswith("rpo.gov.pl") for link in tag.find_all("a")):
        yield Finding("DD-08", "a11y-procedura", _("The link to the ombudsman (rpo.gov.pl) is missing."))


def _basis(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    heading = next((tag for tag in page.find_all(HEADING_TAG) if _heading(tag) == PREPARATION), None)
    if heading is None:
        return
    said, links = "", []
    for tag in heading.find_all_next():
        if HEADING_TAG.match(tag.name):
            break
        said += f" {words_of(tag)}"
        links += [tag] if tag.name == "a" and tag.get("href") else []
    if not re.search(r"samoocen|audyt|podmiot\w* zewnętrzn|oświadczen|wykonawc", said.lower()):
        yield Finding("DD-09", PREPARATION, _("It does not say what the statement was prepared on the basis of."))
    if not links:
        yield Finding("DD-09", PREPARATION, _("No link leads to the report, its summary or the statement behind it."))


def _contact(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    for name, scheme in (("a11y-email", "mailto:"), ("a11y-telefon", "tel:")):
        tag = page.find(id=name)
        if tag and not any(link.get("href", "").startswith(scheme) for link in [tag, *tag.find_all("a")]):
            yield Finding("DD-02", name, _("It must be a link that begins with %(scheme)s") % {"scheme": scheme})


def _interpreter(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    tag = page.find(id="a11y-komunikacja")
    if tag and "tłumacz" not in words_of(tag).lower():
        words = _("It must say whether there is a sign-language interpreter online (tłumacz języka migowego).")
        yield Finding("DD-02", "a11y-komunikacja", words)


def _review(page: BeautifulSoup, today: date) -> Iterator[Finding]:
    tag = page.find(id="a11y-data-przeglad")
    if (last := day_of(tag)) and review_is_due(last, today):
        yield Finding("DD-12", "a11y-data-przeglad", _("The yearly review, due by 31 March, was not made."))
