"""Filling in a form as a browser would: all of its fields go back as they came, but for those that a test changes."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """The fields and buttons of the form whose id ends with `id_end`."""

    def __init__(self, html: str, id_end: str = "_form"):
        super().__init__()
        self.id_end = id_end
        self.fields: dict[str, list[str]] = {}
        self.buttons: list[str] = []
        self.is_inside = False
        self.select = self.textarea = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.is_inside = given.get("id", "").endswith(self.id_end)
        if not self.is_inside or "__prefix__" in given.get("name", ""):
            return
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "button" or kind == "submit":
            self.buttons.append(name)
        elif tag == "input" and name and kind != "file" and (kind not in ("checkbox", "radio") or "checked" in given):
            self._add(name, given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "textarea" and name:
            self.textarea = name
            self._add(name, "")
        elif tag == "select":
            self.select, self.is_multiple, self.is_first = name, "multiple" in given, True
        elif tag == "option" and self.select:
            if "selected" in given or (self.is_first and not self.is_multiple):
                if "selected" in given and not self.is_multiple:
                    self.fields[self.select] = []
                self._add(self.select, given.get("value", ""))
            self.is_first = False

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea][-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea:
            text = self.fields[self.textarea][-1]
            self.fields[self.textarea][-1] = text.removeprefix("\r\n").removeprefix(
                "\n"
            )  # HTML drops the first line break
            self.textarea = None

    def _add(self, name: str, value: str):
        self.fields.setdefault(name, []).append(value)


def read(response) -> FormReader:
    assert response.status_code == 200, response.status_code
    return FormReader(response.content.decode())


def fill(client, address: str, button: str = "_continue", **changes):
    """Open the form, change what is named, press a button. A change to None takes the field away."""
    return press(client, address, read(client.get(address)), button, **changes)


def press(client, address: str, form: FormReader, button: str = "_continue", **changes):
    fields = {name: value for name, value in {**form.fields, **changes}.items() if value is not None}
    name, _equals, value = button.partition("=")
    return client.post(address, {**fields, name: value or "1"})


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]
