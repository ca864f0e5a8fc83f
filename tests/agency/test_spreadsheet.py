"""CSV and XLSX for French spreadsheets: what is read back is what was written, and nothing is a formula."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from agency.spreadsheet import write_csv, write_xlsx
from chalicelib.domain.periods import PARIS

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def written(*rows: Sequence[object]) -> str:
    file = io.BytesIO()
    write_csv(file, ["Nom", "Nombre"], rows)
    return file.getvalue().decode("utf-8-sig")


def test_it_is_what_a_french_spreadsheet_opens() -> None:
    file = io.BytesIO()

    write_csv(file, ["Nom", "Nombre"], [["Œillet ; « é »", 3], [None, 0]])

    assert file.getvalue() == '\ufeffNom;Nombre\r\n"Œillet ; « é »";3\r\n;0\r\n'.encode()


@pytest.mark.parametrize("cell", ["=1+1", "+33 1", "-5", "@x", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_what_would_be_a_formula_is_text(cell: str) -> None:
    _, row = csv.reader(io.StringIO(written([cell, 1]), newline=""), delimiter=";")

    assert row == [f"'{cell}", "1"]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_whatever_families_are_called_is_read_back(rows: list[tuple[str, str]]) -> None:
    _, *read = csv.reader(io.StringIO(written(*rows), newline=""), delimiter=";")

    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in read for cell in row)


PARIS_TIME = datetime(2027, 6, 2, 20, 0, tzinfo=PARIS)


def test_days_and_hours_are_written_as_one_types_them() -> None:
    assert written([date(2015, 3, 4), PARIS_TIME]).splitlines()[1] == "04/03/2015;02/06/2027 20:00"


# XLSX.


def workbook(*rows: Sequence[object]) -> list[tuple[Cell, ...]]:
    file = io.BytesIO()
    write_xlsx(file, "Élèves", ["Nom", "Nombre"], rows)
    sheet = load_workbook(file)["Élèves"]
    assert [cell.value for cell in sheet[1]] == ["Nom", "Nombre"]
    return [tuple(cell for cell in row if isinstance(cell, Cell)) for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-5", "@x", "=cmd|' /C calc'!A0", '=HYPERLINK("x")'])
def test_in_a_workbook_what_would_be_a_formula_is_the_very_text(text: str) -> None:
    ((cell, _),) = workbook([text, 1])

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_what_would_be_an_error_is_the_very_text() -> None:
    ((cell, _),) = workbook(["#N/A", "\0"])

    assert (cell.value, cell.data_type) == ("#N/A", "s")


def test_a_workbook_has_numbers_days_and_moments_as_such() -> None:
    ((one, two), (three, _)) = workbook([3, date(2015, 3, 4)], [PARIS_TIME, None])

    assert (one.value, one.data_type) == (3, "n")
    assert (two.value, two.is_date, two.number_format) == (datetime(2015, 3, 4), True, "dd/mm/yyyy")  # noqa: DTZ001 - a day
    assert (three.value, three.number_format) == (datetime(2027, 6, 2, 20), "dd/mm/yyyy hh:mm")  # noqa: DTZ001 - as shown


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
@settings(deadline=None)
def test_whatever_families_write_is_text_in_a_workbook(rows: list[tuple[str, str]]) -> None:
    read = workbook(*rows)

    assert all(cell.data_type == "s" or cell.value is None for row in read for cell in row)
