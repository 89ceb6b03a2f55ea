"""Reading HTML as a browser would: what a page links to, loads and contains."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

LOADING_LINKS = {
    "stylesheet",
    "icon",
    "apple-touch-icon",
    "preload",
    "modulepreload",
    "manifest",
    "mask-icon",
    "prefetch",
}


class PageReader(HTMLParser):
    """`links`, `resources` (what a browser loads), `headings`, `lang`, `title`, `forms`, `fields`, `inline`."""

    def __init__(self, html: str, address: str = "/"):
        super().__init__()
        self.address = address
        self.lang = self.title = ""
        self.links, self.resources, self.headings, self.forms, self.fields, self.inline = [], [], [], [], set(), []
        self._open = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "html":
            self.lang = given.get("lang", "")
        elif tag == "a" and "href" in given:
            self.links.append(self._absolute(given["href"]))
        elif tag == "form":
            self.forms.append(given.get("method", "get").lower())
        elif tag in ("input", "select", "textarea") and given.get("name"):
            self.fields.add(given["name"])
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        elif tag == "link" and LOADING_LINKS & set(given.get("rel", "").split()):
            self.resources.append(self._absolute(given["href"]))
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.inline.append("script")
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(self.get_starttag_text())
        if tag not in ("a", "link", "form"):
            self.resources += [self._absolute(given[name]) for name in ("src", "poster", "data") if given.get(name)]
        candidates = [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]
        self.resources += [self._absolute(candidate) for candidate in candidates]
        self._open = tag

    def handle_data(self, data):
        if self._open == "title":
            self.title += data

    def handle_endtag(self, tag):
        self._open = None

    def _absolute(self, address: str) -> str:
        return urljoin(self.address, address)


def css_resources(css: str, address: str) -> list[str]:
    found = re.findall(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""", css)
    return [urljoin(address, first or second) for first, second in found]


def is_internal(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("", "http", "https") and parts.netloc in ("", "testserver", "127.0.0.1:8000")


def without_host(address: str) -> str:
    """The path with its query, as the test client takes it; without the fragment."""
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
