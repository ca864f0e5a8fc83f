"""CSV and XLSX for French spreadsheets: read back unchanged, and no cell is a formula."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

import agency
import chalicelib
from agency.files.spreadsheet_writer import write_xlsx
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.csv_writer import unescape_formulas, write_csv
from chalicelib.office.files.open_file import open_file
from chalicelib.settings.environment import load_network

NETWORK = load_network()
SEPARATORS = ";,\t|"
STARTS_A_FORMULA = re.compile(r"""["\s\u200b\u202e\u2066\ufeff]*[=+\-@＝＋－＠]""")
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def csv_text(*rows: Sequence[object]) -> str:
    file = io.BytesIO()
    write_csv(file, ["Nom", "Nombre"], rows)
    return file.getvalue().decode("utf-8-sig")


def test_it_is_what_a_french_spreadsheet_opens() -> None:
    file = io.BytesIO()

    write_csv(file, ["Nom", "Nombre"], [["Œillet ; « é »", 3], [None, 0]])

    assert file.getvalue() == '\ufeffNom;Nombre\r\n"Œillet ; « é »";3\r\n;0\r\n'.encode()


@pytest.mark.parametrize(
    "cell", ["=1+1", "+33 1", "-5", "@x", "\n1", "\t1", "\r1", "＝1+1", " =1", "=cmd|' /C calc'!A0"]
)
def test_what_would_be_a_formula_is_text(cell: str) -> None:
    _, row = csv.reader(io.StringIO(csv_text([cell, 1]), newline=""), delimiter=";")

    assert row == [f"'{cell}", "1"]


def test_what_was_counted_is_a_number_below_zero_too() -> None:
    assert csv_text([-5, 0]).splitlines()[1] == "-5;0"


HOSTILE = st.lists(st.sampled_from([*"'\";,|\t\r\n ab1\u200b\u202e\u2066=+-@＝＋－＠"])).map("".join)


@given(st.lists(st.tuples(HOSTILE | CELLS, HOSTILE | CELLS), max_size=5))
@example([("x", "y,=1")])
@example([("x", 'y;"=1')])
@example([("x", 'y";,=1')])
@example([("Bonjour,\n- lundi", "a\t=1")])
@example([("'=1", "''=1")])
@example([("\u202e=1", "a;\u2066+1")])
def test_whatever_families_write_is_no_formula_under_any_separator(rows: list[tuple[str, str]]) -> None:
    text = csv_text(*rows)

    for separator in SEPARATORS:
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
        assert [cell for cell in cells if STARTS_A_FORMULA.match(cell)] == [], separator
    _, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert [cell for row in lines for cell in row if cell.startswith(("\t", "\r", "\n"))] == []
    assert [[unescape_formulas(cell) for cell in row] for row in lines] == [list(row) for row in rows]


def test_an_export_that_is_imported_is_as_it_was(tmp_path: Path) -> None:
    """As CSV, and as saved by a spreadsheet that read this CSV."""
    site = NETWORK.sites[0].code
    rows = [(site, "+1", "=Famille,-1", "+33 6 99 00 10 02"), (site, "'2", "'=x", "@y")]
    headings = ["Site", "Identifiant", "Famille", "Téléphone 1"]
    csv_file, xlsx_file = tmp_path / "a.csv", tmp_path / "a.xlsx"
    with csv_file.open("wb") as file:
        write_csv(file, headings, rows)
    with xlsx_file.open("wb") as file:
        lines = csv.reader(io.StringIO(csv_file.read_text("utf-8-sig"), newline=""), delimiter=";")
        write_xlsx(file, "Familles", headings, list(lines)[1:])

    for path in (csv_file, xlsx_file):
        cells = [row.cells for row in open_file(path, NETWORK).rows()]
        assert [(*cell.values(),) for cell in cells] == rows, path.name


def test_every_csv_of_the_agency_is_written_in_one_place() -> None:
    """Also those of the desk."""
    folders = (Path(str(package.__file__)).parent for package in (agency, chalicelib))
    writing = [path for folder in folders for path in folder.rglob("*.py") if "csv.writer" in path.read_text("utf-8")]

    assert [path.name for path in writing] == ["csv_writer.py"]


PARIS_TIME = datetime(2027, 6, 2, 20, 0, tzinfo=PARIS)


def test_days_and_hours_are_written_as_one_types_them() -> None:
    assert csv_text([date(2015, 3, 4), PARIS_TIME]).splitlines()[1] == "04/03/2015;02/06/2027 20:00"


# XLSX.


def workbook(*rows: Sequence[object]) -> list[tuple[Cell, ...]]:
    file = io.BytesIO()
    write_xlsx(file, "Élèves", ["Nom", "Nombre"], rows)
    sheet = load_workbook(file)["Élèves"]
    assert [cell.value for cell in sheet[1]] == ["Nom", "Nombre"]
    return [tuple(cell for cell in row if isinstance(cell, Cell)) for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 1", "-5", "@x", "=cmd|' /C calc'!A0", '=HYPERLINK("x")', "＝1", "＠x", " =1"]
)
def test_in_a_workbook_what_would_be_a_formula_is_the_very_text(text: str) -> None:
    ((cell, _),) = workbook([text, 1])

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_what_would_be_an_error_is_the_very_text() -> None:
    ((cell, _),) = workbook(["#N/A", "\0"])

    assert (cell.value, cell.data_type) == ("#N/A", "s")


def test_a_workbook_has_numbers_days_and_moments_as_such() -> None:
    ((number, date_cell), (moment, _)) = workbook([3, date(2015, 3, 4)], [PARIS_TIME, None])

    assert (number.value, number.data_type) == (3, "n")
    assert (date_cell.value, date_cell.is_date, date_cell.number_format) == (datetime(2015, 3, 4), True, "dd/mm/yyyy")  # noqa: DTZ001 - a day
    assert (moment.value, moment.number_format) == (datetime(2027, 6, 2, 20), "dd/mm/yyyy hh:mm")  # noqa: DTZ001 - as shown


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_whatever_families_write_is_text_in_a_workbook(rows: list[tuple[str, str]]) -> None:
    lines = workbook(*rows)

    assert all(cell.data_type == "s" or cell.value is None for row in lines for cell in row)
