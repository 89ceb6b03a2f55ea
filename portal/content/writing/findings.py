"""What a check has to say, and where."""

from dataclasses import dataclass, replace
from enum import IntEnum

from django.utils.translation import gettext_lazy as _

from .blocks import Block, Text

QUOTED = 70


class Severity(IntEnum):
    """In the order of showing. Only an error keeps a text from being saved."""

    ERROR = 0
    WARNING = 1
    HINT = 2


@dataclass(frozen=True)
class Finding:
    """`snippet` is the `nth` occurrence (from 0) of these words in the text of `field`: where the cursor is to go."""

    code: str
    severity: Severity
    message: str
    place: str = ""
    snippet: str = ""
    nth: int = 0
    field: str = ""
    label: str = ""

    @property
    def level(self) -> str:
        return self.severity.name.lower()

    def of_field(self, field: str, label: str) -> "Finding":
        return replace(self, field=field, label=label)


KINDS = {
    "paragraph": _("paragraph %(number)d"),
    "heading": _("heading %(number)d"),
    "item": _("list item %(number)d"),
    "cell": _("table cell %(number)d"),
    "caption": _("table title %(number)d"),
}


def at(text: Text, block: Block | None, code: str, severity: Severity, message, snippet: str = "", start: int = 0):
    """A finding in a block: at `snippet`, which begins there at `start`, or else at the first words of the block."""
    if block is None:
        return Finding(code, severity, str(message))
    snippet = shortened(snippet or block.text[start:])
    before = text.words_before(block) + block.text[:start]
    place = KINDS[block.kind] % {"number": block.number}
    return Finding(code, severity, str(message), f"{place}: {quoted(snippet)}" if snippet else place, snippet,
                   before.count(snippet) if snippet else 0)  # fmt: skip


def shortened(words: str) -> str:
    """The beginning, cut between words; without an ellipsis, because it is looked for in the editor."""
    if len(words) <= QUOTED:
        return words
    return words[: QUOTED + 1].rsplit(" ", 1)[0][:QUOTED]


def quoted(snippet: str) -> str:
    return f"„{snippet}”"
