"""Long sentences and paragraphs, as hints: a sentence of more than twenty words is read twice or not at all."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .blocks import Text
from .findings import Finding, Severity, at

LONG_SENTENCE = 35
LONG_ON_AVERAGE = 20
LONG_PARAGRAPH = 120
ENOUGH_SENTENCES = 3
END = re.compile(r"[.!?…]+[”\")]*\s+(?=[„\"(]*[A-ZĄĆĘŁŃÓŚŹŻ0-9])")
# After these a full stop ends no sentence.
ABBREVIATED = set(
    """ul al pl os nr tel godz np tj tzn tzw m.in itd itp r br ub św im dr prof mgr inż lek hab art ust pkt poz lit par
    dz u z zm późn dot ok ww por wg zob str min max tys mln mld zł gr pow gm woj kl sz p o s ks gen płk ppłk sp red
    dn pon pn wt śr czw pt sob nd""".split()
)
LAST_WORD = re.compile(r"([\w.]+)\.[”\")]*$")


def sentences(text: str) -> list[tuple[int, str]]:
    """(start, sentence), where a full stop after "ul.", "art. 5 ust." or "12." ends none."""
    found, start = [], 0
    for end in END.finditer(text):
        stretch = text[start : end.end()].rstrip()
        last = LAST_WORD.search(stretch)
        if last and (last[1].lower() in ABBREVIATED or len(last[1]) == 1 or last[1].isdecimal()):
            continue
        found.append((start, stretch))
        start = end.end()
    if text[start:].strip():
        found.append((start, text[start:].strip()))
    return found


def count_words(text: str) -> int:
    return sum(1 for word in text.split() if any(letter.isalnum() for letter in word))


def check(text: Text) -> list[Finding]:
    findings, lengths = [], []
    for block in text.blocks:
        counts = [(start, sentence, count_words(sentence)) for start, sentence in sentences(block.text)]
        for start, sentence, count in counts:
            if count > LONG_SENTENCE:
                findings.append(at(text, block, "long-sentence", Severity.HINT, _long(count), sentence, start))
        if block.kind != "paragraph":
            continue
        lengths += [count for _start, _sentence, count in counts]
        if (total := sum(count for _start, _sentence, count in counts)) > LONG_PARAGRAPH:
            message = _("This paragraph has %(count)d words. Divide it, or make a list of it.") % {"count": total}
            findings.append(at(text, block, "long-paragraph", Severity.HINT, message))
    average = sum(lengths) / len(lengths) if len(lengths) >= ENOUGH_SENTENCES else 0
    if average > LONG_ON_AVERAGE:
        message = _("The sentences have %(count)d words on average. Below 20 they are read with ease.")
        findings.append(Finding("long-sentences", Severity.HINT, message % {"count": round(average)}))
    return findings


def _long(count: int) -> str:
    words = ngettext("This sentence has %(count)d word.", "This sentence has %(count)d words.", count)
    return " ".join([words % {"count": count}, _("Divide it into two or three.")])
