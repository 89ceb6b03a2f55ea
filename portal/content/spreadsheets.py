"""Tables as files for Excel and LibreOffice, in which nothing that somebody typed can become a formula.

Who opens an export trusts it; a participant named `=HYPERLINK("http://…")` must stay a strange name.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"

# After spaces or quotes too, and in full width: spreadsheets forgive both.
FORMULA = re.compile(r'[\s"]*[=+\-@＝＋－＠]|[\t\r\n]')
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
WIDEST = 60  # characters


def harmless(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet might compute, and without what no file can hold."""
    text = NOT_IN_XML.sub("", text)
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(header: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """Semicolons, a byte order mark and decimal commas: what Excel in Poland opens right by a double click."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([_csv_cell(value) for value in row] for row in [header, *rows])
    return buffer.getvalue().encode("utf-8-sig")


def csv_for_programs(name: str, header: Sequence[str], rows: Iterable[Sequence]) -> HttpResponse:
    """Open data: asked for again each time, saved under `name`."""
    response = HttpResponse(as_csv(header, rows), content_type=CSV_TYPE, headers={"Cache-Control": "no-cache"})
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _csv_cell(value) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    return harmless(_text(value))


def as_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """One sheet; its first row stays in sight. Numbers are numbers, everything else is text."""
    rows = list(rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NOT_IN_TITLE.sub(" ", NOT_IN_XML.sub("", title)).strip(" '")[:31] or None)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_widths([header, *rows]), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_xlsx_cell(sheet, name, Font(bold=True)) for name in header])
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _xlsx_cell(sheet, value, font: Font | None = None) -> WriteOnlyCell:
    is_number = isinstance(value, int | float | Decimal)
    cell = WriteOnlyCell(sheet, value if is_number else harmless(_text(value)) or None)
    if not is_number and cell.value:
        cell.data_type = "s"  # openpyxl guesses, and takes "#N/A" for an error
    if font:
        cell.font = font
    return cell


def _text(value) -> str:
    return "" if value is None else str(value)


def _widths(rows: list[Sequence]) -> list[int]:
    longest = [max(len(_text(value)) for value in column) for column in zip(*rows, strict=True)]
    return [min(WIDEST, length + 3) for length in longest]
