"""Lists as Word puts them on the clipboard: paragraphs that begin with a drawn dot or number, turned into lists.

The editor does this by itself for what is pasted into it; this is for HTML that comes past the editor.
"""

import re

PARAGRAPH = re.compile(r"(<p\b[^<>]*>|</p>)", re.IGNORECASE)
OF_A_LIST = re.compile(r"<p\b[^<>]*(?:MsoListParagraph|mso-list:)", re.IGNORECASE)
# "<![if !supportLists]>…<![endif]>", in Chromium's clipboard written as comments.
MARKED = re.compile(
    r"<!(?:--)?\[if !supportLists\](?:--)?>((?:(?!<!(?:--)?\[).)*)<!(?:--)?\[endif\](?:--)?>", re.DOTALL | re.IGNORECASE
)
SPACE = r"(?:\s|&nbsp;|\u00a0|<[^<>]*>)"
DRAWN = re.compile(rf"^{SPACE}*([·•▪●◦§]|o(?=&nbsp;|\u00a0)|\d{{1,3}}[.)]|[a-z][.)]){SPACE}+")
NUMBER = re.compile(r"\d|[a-z][.)]")
TAG = re.compile(r"<[^<>]*>|&nbsp;|\s")


def with_lists(html: str) -> str:
    if not OF_A_LIST.search(html):
        return html
    parts = PARAGRAPH.split(html)
    done: list[str] = []
    kind = None  # of the list that is open: "ol", "ul" or None
    index = 0
    while index < len(parts):
        if index % 2 and OF_A_LIST.match(parts[index]):
            item, marker = _item(parts[index + 1])
            wanted = "ol" if NUMBER.match(marker) else "ul"
            if kind != wanted:
                done.append((f"</{kind}>" if kind else "") + f"<{wanted}>")
                kind = wanted
            done.append(f"<li>{item}</li>")
            index += 3 if parts[index + 2 : index + 3] == ["</p>"] else 2
            continue
        if kind and TAG.sub("", parts[index]) + ("p" if parts[index].lower().startswith("<p") else ""):
            done.append(f"</{kind}>")
            kind = None
        done.append(parts[index])
        index += 1
    return "".join(done) + (f"</{kind}>" if kind else "")


def _item(inner: str) -> tuple[str, str]:
    """The text of a paragraph of a list without its drawn marker, and the marker."""
    if marked := MARKED.search(inner):
        return inner[: marked.start()] + inner[marked.end() :], TAG.sub("", marked[1])
    drawn = DRAWN.match(inner)
    return (inner[drawn.end() :], drawn[1]) if drawn else (inner, "·")
