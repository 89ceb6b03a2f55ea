"""Headings, tables and capitals: what those who hear a page, or skim it, depend on."""

import re

from django.utils.translation import gettext as _

from .blocks import Text
from .findings import Finding, Severity, at, quoted, shortened

# Written in capitals for good reason; words of three letters or fewer need no mention.
ABBREVIATIONS = set(
    """PCPR MOPS GOPS MGOPS PUP GUS ŚDS WTZ ZUS KRUS NFZ PFRON RODO PESEL REGON CEIDG BIP ePUAP MRPIPS MRPPS CUS DPS OIK
    NIP KRS SDŚ OWIT CKIS OSIR CUW GCK MOK SOSW SOW PPP POW PZON WZON PUODO EFRR EFS FEPK NATO UNESCO WOŚP PKPS TPD ZNP
    NSZZ OHP PTTK WCAG HTML JPEG COVID RFRL ADHD FAS FASD DDA NGO""".split()
)
WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
RUN = 4
BREAKS_RUN = re.compile(r"[^\W_]|[.!?;:()„”]")


def check_headings(text: Text) -> list[Finding]:
    findings = []
    last = 1
    for block in (block for block in text.blocks if block.kind == "heading"):
        level = int(block.tag[1])
        if not block.text:
            message = _("This heading is empty. Write it, or remove it.")
            findings.append(at(text, block, "empty-heading", Severity.WARNING, message))
            continue
        if level > last + 1:
            words = {"wanted": last + 1, "found": level}
            if last == 1:
                message = _("The first heading is of level %(found)d. Choose level %(wanted)d.") % words
            else:
                message = _("A level is left out before this heading: choose level %(wanted)d instead of %(found)d.")
                message %= words
            findings.append(at(text, block, "heading-jump", Severity.WARNING, message))
        last = level
    return findings


def check_tables(text: Text) -> list[Finding]:
    findings = []
    for number, table in enumerate(text.tables, start=1):
        if table.depth:
            message = _("Table %(number)d lies inside another one. Those who hear the page get lost: make two tables.")
            findings.append(at(text, table.block, "nested-table", Severity.WARNING, message % {"number": number}))
        elif not table.has_headers:
            message = _("Table %(number)d has no headers. Choose “Headers: first row” in the table's properties.")
            findings.append(
                at(text, table.block, "table-without-headers", Severity.WARNING, message % {"number": number})
            )
    return findings


def check_capitals(text: Text) -> list[Finding]:
    message = _("Capital letters are hard to read. Write this as an ordinary sentence; use bold to stress it.")
    return [
        at(text, block, "capitals", Severity.WARNING, message, shortened(words), start)
        for block in text.blocks
        for start, words in in_capitals(block.text)
    ]


def in_capitals(text: str) -> list[tuple[int, str]]:
    """(start, words) of runs of four or more words in capitals, or of two when there is nothing else in the text."""
    words = list(WORD.finditer(text))
    runs: list[list[re.Match]] = [[]]
    for word, following in zip(words, [*words[1:], None], strict=False):
        if not _is_capital(word[0]):
            runs.append([])
            continue
        runs[-1].append(word)
        if following is None or BREAKS_RUN.search(text, word.end(), following.start()):
            runs.append([])
    whole = sum(map(len, runs)) == len(words) >= 2
    return [
        (run[0].start(), text[run[0].start() : run[-1].end()])
        for run in runs
        if len(run) >= (2 if whole else RUN) and sum(map(_is_shouted, run)) >= 2
    ]


def _is_capital(word: str) -> bool:
    return word == word.upper() and word != word.lower()


def _is_shouted(word: re.Match) -> bool:
    return len(word[0]) > 3 and word[0] not in ABBREVIATIONS


def check_same_words(text: Text) -> list[Finding]:
    """Links that read alike and lead to different places."""
    seen: dict[str, str] = {}
    findings = []
    for block in text.blocks:
        for link in block.links:
            key = link.text.casefold()
            if key and seen.setdefault(key, link.href) != link.href:
                message = _("Another link with the same words, %(words)s, leads elsewhere. Tell them apart.")
                message %= {"words": quoted(shortened(link.text))}
                findings.append(at(text, block, "same-words", Severity.HINT, message, link.text, link.start))
    return findings
