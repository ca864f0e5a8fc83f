"""What a spreadsheet would take for a formula: told to be a text, and read back as it was."""

import pytest

from chalicelib.office.csv_injection import escape_formulas, is_formula, unescape_formulas


@pytest.mark.parametrize("text", ["=1+1", "+33 1 02", "-2", "@lien", '"=1"', "Rossignol;=1", "'=1", "\t1"])
def test_what_begins_like_a_formula_is_a_text_and_reads_back(text: str) -> None:
    assert escape_formulas(text) != text
    assert unescape_formulas(escape_formulas(text)) == text


@pytest.mark.parametrize("text", ["", "Rossignol", "L'Hay", "a-b", "2026-0012", "rossignol@example.org"])
def test_what_does_not_stays_as_it_is(text: str) -> None:
    assert (escape_formulas(text), unescape_formulas(text), is_formula(text)) == (text, text, False)
