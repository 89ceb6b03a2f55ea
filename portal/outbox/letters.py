"""A letter, written once as paragraphs, facts and buttons; shown as text and as HTML.

Everything in it is plain text that the templates escape: what a participant wrote stays harmless in every mail.
"""

from dataclasses import dataclass, field

from django.template.loader import render_to_string


@dataclass(frozen=True)
class Letter:
    """`facts` are (label, value) pairs, `buttons` (label, address), `ending` small print below them."""

    subject: str
    paragraphs: list[str]
    facts: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    reply_to: str = ""
    attachment_name: str = ""
    attachment: str = ""

    def as_text(self) -> str:
        parts = [
            *self.paragraphs,
            "\n".join(f"{label}: {value}" for label, value in self.facts),
            *(f"{label}:\n{address}" for label, address in self.buttons),
            *self.ending,
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    def as_html(self) -> str:
        return render_to_string("outbox/letter.html", {"letter": self})
