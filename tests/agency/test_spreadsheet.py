"""CSV for French spreadsheets: what is read back is what was written, and nothing is a formula."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.spreadsheet import write_csv

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
