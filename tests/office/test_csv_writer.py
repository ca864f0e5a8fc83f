"""A CSV that French spreadsheets open: no cell is read as a formula, and our own numbers stay numbers."""

import io
from datetime import UTC, date, datetime

import pytest

from chalicelib.office.csv_writer import escape_formulas, is_formula, unescape_formulas, write_csv


@pytest.mark.parametrize("text", ["=1+1", "+33 1 02", "-2", "@lien", '"=1"', "Rossignol;=1", "'=1", "\t1"])
def test_what_begins_like_a_formula_is_a_text_and_reads_back(text: str) -> None:
    assert escape_formulas(text) != text
    assert unescape_formulas(escape_formulas(text)) == text


@pytest.mark.parametrize("text", ["", "Rossignol", "L'Hay", "a-b", "2026-0012", "rossignol@example.org"])
def test_what_does_not_stays_as_it_is(text: str) -> None:
    assert (escape_formulas(text), unescape_formulas(text), is_formula(text)) == (text, text, False)


def test_rows_stand_under_their_headings_as_one_types_them() -> None:
    file = io.BytesIO()

    write_csv(file, ("Élève", "Né le"), [("=Zélie", date(2015, 3, 14)), (-2, datetime(2027, 6, 2, 18, 0, tzinfo=UTC))])

    assert file.getvalue().decode() == "\ufeffÉlève;Né le\r\n'=Zélie;14/03/2015\r\n-2;02/06/2027 18:00\r\n"
