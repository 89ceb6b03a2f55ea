"""A list of people from a file: read whatever a spreadsheet has saved, say what was understood, sign up row by row.

One line is one row, also where a quotation mark is never closed: else one slip would swallow everybody after it.
"""

import csv
import re
import uuid
from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from portal.content.folding import fold

from . import seats
from .forms import PeopleForm
from .models import Channel, Registration, SignUp, normal_email

MOST_BYTES = 1024 * 1024
MOST_ROWS = 500  # each a transaction of its own: more would outlast the patience of a server
DELIMITERS = ";,\t"
UNREADABLE = "\ufffd"
KEYS = uuid.UUID("5f0b7c5e-6c0f-4a52-9d1b-6f4f5a0f3c11")

# Names of columns without spaces, dots and Polish letters.
COLUMNS = {
    "first_name": ["imie", "imiona", "firstname", "givenname"],
    "last_name": ["nazwisko", "lastname", "surname", "familyname"],
    "email": ["email", "mail", "adresemail", "adrespocztyelektronicznej", "emailaddress", "pocztaelektroniczna"],
    "phone": ["telefon", "tel", "nrtelefonu", "nrtel", "numertelefonu", "telefonkontaktowy", "phone", "phonenumber"],
    "institution": ["instytucja", "nazwainstytucji", "placowka", "zakladpracy", "organizacja", "institution"],
    "job_title": ["stanowisko", "funkcja", "post", "jobtitle", "position"],
    "town": ["miejscowosc", "miasto", "town", "city"],
}
SECOND = re.compile(
    r"(second|drugaosoba|2osoba|osoba2)(.+)|(.+?)(2|osoby2|2osoby|drugiejosoby|drugaosoba|secondperson)"
)
FIELD_OF = {name: field_name for field_name, names in COLUMNS.items() for name in names}
FIELDS_OF_A_SECOND = ("first_name", "last_name", "institution", "job_title")


class Unreadable(Exception):
    """Why nothing can be made of the whole file, as a sentence for the clerk."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class RowForm(PeopleForm):
    """As the entry at the desk: the office may not know all that the sign-up asks a visitor for."""

    def __init__(self, signup: SignUp, *args, **kwargs):
        super().__init__(signup, *args, is_email_required=False, **kwargs)
        for name in ("phone", "town", "institution", "job_title"):
            if name in self.fields:
                self.fields[name].required = False


@dataclass
class Row:
    """A line of the file: its number as a spreadsheet shows it, how it stood, and what is wrong with it."""

    number: int
    text: str
    problems: list[str] = field(default_factory=list)
    entry: seats.Entry | None = None
    registration: Registration | None = None  # the one that it became, or that was there before
    is_new: bool = False


@dataclass
class Table:
    header: str
    rows: list[Row]
    left_out: list[str]  # columns that are not taken: unknown, or not asked for by this sign-up

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if row.entry]

    @property
    def broken(self) -> list[Row]:
        return [row for row in self.rows if row.problems]

    @property
    def to_sign_up(self) -> list[Row]:
        return [row for row in self.good if not row.registration]

    @property
    def signed_up(self) -> list[Row]:
        return [row for row in self.rows if row.is_new]

    @property
    def known(self) -> list[Row]:
        return [row for row in self.rows if row.registration and not row.is_new]

    def broken_text(self) -> str:
        """The rows to correct, under the same header, as a file of their own."""
        return "\n".join([self.header, *(row.text for row in self.broken)]) if self.broken else ""


# --- Reading ----------------------------------------------------------------------------------------------------------


def decode(data: bytes) -> str:
    """UTF-8 and UTF-16 by their marks, UTF-8 where it is valid, else the code page of Polish Windows. Never fails."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1250", errors="replace")
    return text.replace("\0", UNREADABLE)


def read(text: str, signup: SignUp) -> Table:
    """What the file says, each row checked as the form at the desk would. Raises Unreadable."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip(f' {DELIMITERS}"')]
    if numbered and re.fullmatch(r"sep=.?", numbered[0][1].strip()):  # a hint that Excel writes for itself
        del numbered[0]
    if not numbered:
        raise Unreadable(_("There is nothing in it."))
    header = numbered.pop(0)[1]
    if len(numbered) > MOST_ROWS:
        raise Unreadable(_("There are more than %(count)d rows. Please split the file.") % {"count": MOST_ROWS})
    delimiter = max(DELIMITERS, key=lambda char: sum(map(bool, map(field_of, cells_of(header, char)))))
    titles = cells_of(header, delimiter)
    fields = fields_of(titles)
    taken = RowForm(signup).fields
    rows = [read_row(number, line, delimiter, fields, signup) for number, line in numbered]
    left_out = [title for title, name in zip(titles, fields, strict=True) if title and name not in taken]
    return Table(header, rows, left_out)


def cells_of(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:  # a single cell of more than 128 KB
        return [line]


def fields_of(titles: list[str]) -> list[str]:
    """The field that each column fills, "" where none. Raises Unreadable without names, or where two mean the same."""
    fields = [field_of(title) for title in titles]
    if not {"first_name", "last_name"} <= set(fields):
        raise Unreadable(_("The first row must name the columns, at least “Imię” and “Nazwisko”."))
    doubled = [name for name, count in Counter(filter(None, fields)).items() if count > 1]
    if doubled:
        same = [title for title, name in zip(titles, fields, strict=True) if name in doubled]
        raise Unreadable(_("These columns mean the same: %(columns)s.") % {"columns": ", ".join(same)})
    return fields


def field_of(title: str) -> str:
    plain = re.sub(r"[\W_]", "", fold(title))
    if plain in FIELD_OF:
        return FIELD_OF[plain]
    if found := SECOND.fullmatch(plain):
        name = FIELD_OF.get(found[2] or found[3])
        return f"second_{name}" if name in FIELDS_OF_A_SECOND else ""
    return ""


def read_row(number: int, line: str, delimiter: str, fields: list[str], signup: SignUp) -> Row:
    row = Row(number, line)
    cells = [without_apostrophe(cell) for cell in cells_of(line, delimiter)]
    if line.count('"') % 2:
        row.problems.append(_("A quotation mark is not closed."))
    elif any(cells[len(fields) :]):
        row.problems.append(_("There are more cells than columns."))
    elif UNREADABLE in line:
        row.problems.append(_("Some letters could not be read and are lost. Please type them anew."))
    else:
        check_people(row, dict(zip(fields, cells, strict=False)), signup)
    return row


def without_apostrophe(cell: str) -> str:
    """Our own exports write one before a number like +48 (portal/content/spreadsheets.py)."""
    return cell[1:] if re.match(r"'[=+\-@]", cell) else cell


def check_people(row: Row, cells: dict[str, str], signup: SignUp):
    if signup.max_seats == 1 and any(cell for name, cell in cells.items() if name.startswith("second_")):
        row.problems.append(_("For this event people register one by one."))
        return
    form = RowForm(signup, cells)
    if form.is_valid():
        row.entry = entry_of(form, signup)
    for name, errors in form.errors.items():
        label = f"{form[name].label}: " if name in form.fields else ""
        row.problems += [f"{label}{error}" for error in errors]


def entry_of(form: RowForm, signup: SignUp) -> seats.Entry:
    """With a key made of the row itself, so that the same file once more adds nobody."""
    content = [f"{name}={fold(str(value))}" for name, value in sorted(form.cleaned_data.items()) if value]
    return seats.Entry(
        people=form.people(),
        email=form.cleaned_data.get("email", ""),
        phone=form.cleaned_data.get("phone", ""),
        town=form.cleaned_data.get("town", ""),
        channel=Channel.IMPORT,
        idempotency_key=uuid.uuid5(KEYS, "\n".join([str(signup.pk), *content])),
    )


# --- Signing up -------------------------------------------------------------------------------------------------------


def find_known(table: Table, signup: SignUp):
    """Mark the rows whose people are registered: by e-mail, or without one by name and phone."""
    known = Known(signup)
    for row in table.good:
        row.registration = known.find(row.entry)


def sign_up_rows(table: Table, signup: SignUp, by: seats.By):
    """Each good row by itself and in the file's order, as at the desk; what could not be done becomes a problem."""
    known = Known(signup)
    for row in table.good:
        row.registration = known.find(row.entry)
        if not row.registration:
            sign_up_row(row, signup, by)
            known.add(row.registration, row.entry)


def sign_up_row(row: Row, signup: SignUp, by: seats.By):
    try:
        row.registration, row.is_new = seats.sign_up(signup.pk, row.entry, by)
    except seats.AlreadyRegistered as known:
        row.registration = known.registration
    except seats.Refused as refused:
        row.problems.append(refused.message)
    except seats.Busy:
        row.problems.append(_("Very many people are signing up just now. Please send this row again."))


class Known:
    """Who is registered for the event now, as far as a file can tell people apart."""

    def __init__(self, signup: SignUp):
        self.by_email: dict[str, Registration] = {}
        self.by_name: dict[tuple, Registration] = {}
        for registration in signup.registrations.active().prefetch_related("participants"):
            self._remember(registration, registration.email, registration.phone, registration.people)

    def add(self, registration: Registration | None, entry: seats.Entry):
        if registration and registration.is_active:
            self._remember(registration, entry.email, entry.phone, entry.people)

    def find(self, entry: seats.Entry) -> Registration | None:
        if entry.email:
            return self.by_email.get(normal_email(entry.email))
        return self.by_name.get(_name_and_phone(entry.people[0], entry.phone))

    def _remember(self, registration: Registration, email: str, phone: str, people: list):
        if email:
            self.by_email[normal_email(email)] = registration
        for person in people[:1]:
            self.by_name[_name_and_phone(person, phone)] = registration


def _name_and_phone(person, phone: str) -> tuple[str, str, str]:
    return fold(person.first_name), fold(person.last_name), re.sub(r"\D", "", phone)[-9:]
