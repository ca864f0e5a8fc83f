"""The yearly file: cells cleaned of artefacts of spreadsheets and mails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.roster.yearly_file import Row, RowNotes, has_control, is_formula_error, is_garbled
from chalicelib.domain.text import tidy


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("  Famille   Lavandier ", "Famille Lavandier"),
        ("Famille\u00a0Lavandier\u202f", "Famille Lavandier"),
        ("\ufeffSite", "Site"),
        ("Mésa\u200bnge", "Mésange"),
        ("Me\u0301sange", "Mésange"),
        ("Famille\tLavandier", "Famille Lavandier"),
        ("Famille\u2028Lavandier\u2029Réinscription acceptée", "Famille Lavandier Réinscription acceptée"),
        ("3 rue de l'Orge\r\nBâtiment C\n", "3 rue de l'Orge\nBâtiment C"),
        ("\u00a0\t ", ""),
    ],
)
def test_a_cell_is_cleaned_of_blanks_and_of_what_nobody_sees(cell: str, clean: str) -> None:
    assert tidy(cell) == clean


@given(st.text())
def test_a_clean_cell_stays_as_it_is(cell: str) -> None:
    assert tidy(tidy(cell)) == tidy(cell)


def test_a_control_character_is_seen_but_where_its_kind_of_cell_may_hold_it() -> None:
    assert has_control("Mésange\x07")
    assert has_control("3 rue de l'Orge\nBâtiment C")
    assert not has_control("3 rue de l'Orge\nBâtiment C", allowed_controls="\n")


@pytest.mark.parametrize("cell", ["FranÃ§oise", "Lâ€™Orge", "M\ufffdsange"])
def test_accents_lost_on_the_way_are_seen(cell: str) -> None:
    assert is_garbled(cell)


@pytest.mark.parametrize("cell", ["Françoise", "Ãlvaro", "L'Orge", "SÃO"])
def test_a_foreign_accent_is_no_lost_one(cell: str) -> None:
    assert not is_garbled(cell)


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#VALEUR!", "#NOM?", "#DIV/0!"])
def test_what_a_spreadsheet_failed_to_compute_is_seen(cell: str) -> None:
    assert is_formula_error(cell)
    assert not is_formula_error(f"{cell} à vérifier")


def test_a_row_tells_its_cells_and_under_which_numbers_it_has_some() -> None:
    row = Row(3, {("email", 2): "merle@example.org", ("email", 1): "", ("guardian", 4): "Mme Merle"})

    assert row.cell("email", 2) == "merle@example.org"
    assert row.cell("town") == ""
    assert row.numbers("email", "guardian") == [1, 2, 4]


def test_one_refusal_leaves_a_row_out_and_a_warning_does_not() -> None:
    notes = RowNotes(3)

    notes.warn("row_garbled", ("name", 1))
    assert not notes.refuses

    notes.refuse("row_without_name", ("name", 1))
    assert notes.refuses
