"""Tables for Excel and LibreOffice: nothing typed by a stranger is ever computed, and every letter comes through."""

import csv
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.content.spreadsheets import as_csv, as_xlsx

FORMULAS = [
    '=HYPERLINK("x")', "+48 600", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1",
    '"=1', "＝1+1", "=cmd|' /C calc'!A0",
]  # fmt: skip


def csv_cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(data: bytes):
    return load_workbook(io.BytesIO(data)).active


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_computed_is_text_in_both_kinds_of_file(text):
    assert csv_cells(as_csv(["Nazwisko"], [[text]]))[1] == [f"'{text}"]
    cell = sheet_of(as_xlsx("Lista", ["Nazwisko"], [[text]]))["A2"]
    assert (cell.data_type, cell.value.startswith("'")) == ("s", True)


def test_a_file_for_excel_holds_no_formula_element_at_all():
    data = as_xlsx("Lista", ["=1"], [[text] for text in [*FORMULAS, "#N/A", "=A1"]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and 't="e"' not in sheet


def test_polish_letters_and_separators_come_through():
    row = ["Żółć Ąę", 'Dom; "Pod Lipą"', "dwa\nwiersze"]
    header = ["Imię", "Miejsce", "Uwagi"]
    data = as_csv(header, [row])
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    assert csv_cells(data) == [header, row]
    assert [[cell.value for cell in line] for line in sheet_of(as_xlsx("Ląd", header, [row]))] == [header, row]


def test_numbers_stay_numbers_and_have_a_decimal_comma_for_polish_excel():
    row = [-3, Decimal("10.5"), 2.5, None]
    assert csv_cells(as_csv(list("abcd"), [row]))[1] == ["-3", "10,5", "2,5", ""]
    sheet = sheet_of(as_xlsx("Liczby", list("abcd"), [row]))
    assert [sheet.cell(2, column).value for column in (1, 2, 3)] == [-3, 10.5, 2.5]


def test_the_header_is_bold_and_stays_in_sight():
    sheet = sheet_of(as_xlsx("a/b:[c]?*" + "x" * 40, ["Imię"], [["Anna"]]))
    assert sheet["A1"].font.bold and not sheet["A2"].font.bold
    assert sheet.freeze_panes == "A2"
    assert len(sheet.title) == 31


def test_a_table_without_rows_is_a_file_too():
    assert csv_cells(as_csv(["Imię"], [])) == [["Imię"]]
    assert sheet_of(as_xlsx("'", ["Imię"], [])).max_row == 1


@given(st.text())
def test_any_text_makes_a_file_that_opens(text):
    assert len(csv_cells(as_csv(["a"], [[text]]))) == 2
    cell = sheet_of(as_xlsx(text, ["a"], [[text]]))["A2"]
    assert cell.data_type in ("s", "n")  # "n" is how an empty cell is read
    assert not str(cell.value or "").lstrip(' "\t\r\n').startswith(("=", "+", "-", "@"))
