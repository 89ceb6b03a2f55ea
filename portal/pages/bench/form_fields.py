"""The fields of an editor's form as a browser would send them back unchanged."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.is_inside = False
        self.textarea = self.select = None

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "form":
            self.is_inside = given.get("id", "").endswith("_form")
        if not self.is_inside or "__prefix__" in name or name == "csrfmiddlewaretoken":
            return
        if tag == "input" and name and kind not in ("file", "submit"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea" and name:
            self.textarea = name
            self.fields.append((name, ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.fields.append((self.select, given.get("value", "")))

    def handle_data(self, data):
        if self.textarea:
            name, text = self.fields[-1]
            self.fields[-1] = (name, text + data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None


def fields_of(html: str) -> list[tuple[str, str]]:
    reader = _Reader()
    reader.feed(html)
    return reader.fields
