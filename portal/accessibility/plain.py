"""Rich text as a plain text file: a line for each paragraph, a dash before each item of a list."""

from bs4 import BeautifulSoup

BLOCKS = ["p", "h2", "h3", "h4", "li", "tr", "blockquote"]


def as_plain_text(html: str) -> str:
    lines = []
    for tag in BeautifulSoup(html, "html.parser").find_all(BLOCKS):
        if tag.find(BLOCKS):  # its parts come by themselves
            continue
        words = " ".join(tag.get_text(" ").split())
        if tag.name in ("h2", "h3", "h4") and lines:
            lines.append("")
        lines.append(f"- {words}" if tag.name == "li" else words)
    return "\n".join(lines)
