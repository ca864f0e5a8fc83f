"""The guardians of a row, with their addresses and telephones."""

import pytest

from chalicelib.domain.family.households import Guardian
from chalicelib.domain.roster.row_emails import Addresses
from chalicelib.domain.roster.row_guardians import guardians_of
from chalicelib.domain.roster.yearly_file import Column, Row, RowNotes

GUARDIANS: dict[Column, str] = {("name", 1): "Famille Rossignol", ("guardian", 1): "Mme Rossignol", ("guardian", 2): ""}


def guardians_from(cells: dict[Column, str]) -> tuple[tuple[Guardian, ...], RowNotes]:
    notes = RowNotes(7)
    return guardians_of(Row(7, cells), Addresses({"rossignol@example.org": 1}), notes), notes


@pytest.mark.parametrize(
    ("cells", "telephone"),
    [
        ({("telephone", 1): "0199001234"}, "01 99 00 12 34"),
        ({("mobile", 1): "199001234"}, "01 99 00 12 34"),
        ({("mobile", 1): "0199005678", ("telephone", 1): "0199001234"}, "01 99 00 56 78 / 01 99 00 12 34"),
        ({("mobile", 1): "0199001234", ("telephone", 1): "0199001234"}, "01 99 00 12 34"),
        ({("mobile", 1): "", ("telephone", 1): ""}, ""),
        ({("mobile", 1): "+352 99 00 12", ("telephone", 1): ""}, "+352 99 00 12"),
    ],
)
def test_a_guardian_has_the_telephones_of_its_number(cells: dict[Column, str], telephone: str) -> None:
    guardians, notes = guardians_from(GUARDIANS | cells)

    assert guardians == (Guardian("Mme Rossignol", "rossignol@example.org", telephone),)
    assert notes.found == []


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({("telephone", 1): "néant"}, "row_telephone_unreadable", ("telephone", 1)),
        ({("mobile", 1): "néant", ("telephone", 1): "0199001234"}, "row_telephone_unreadable", ("mobile", 1)),
        ({("mobile", 2): "0199001234"}, "row_telephone_nameless", ("telephone", 2)),
    ],
)
def test_a_telephone_that_cannot_be_read_leaves_those_on_file(
    cells: dict[Column, str], code: str, column: Column
) -> None:
    _, notes = guardians_from(GUARDIANS | cells)

    assert [(anomaly.code, anomaly.severity, anomaly.column) for anomaly in notes.found] == [(code, "warning", column)]
    assert notes.doubted == {"telephones"}


def test_in_a_file_that_names_no_guardian_the_first_telephone_is_the_familys() -> None:
    guardians, notes = guardians_from({("name", 1): "Famille Rossignol", ("telephone", 1): "0199001234"})

    assert guardians == (Guardian("Famille Rossignol", "rossignol@example.org", "01 99 00 12 34"),)
    assert notes.found == []


def test_a_guardian_has_the_postal_address_of_its_number() -> None:
    cells: dict[Column, str] = {
        ("guardian", 1): "Mme Rossignol",
        ("guardian", 2): "M. Merle",
        ("guardian_address", 2): "Bâtiment B\n1 rue du Lac",
        ("guardian_postcode", 2): "1000",
        ("guardian_town", 2): "Bourg",
        ("guardian", 3): "Mme Pic",
        ("guardian_address", 3): "Rue Haute 3",
        ("guardian_postcode", 3): "1000",
        ("guardian_town", 3): "Bruxelles",
        ("guardian_country", 3): "Belgique",
    }

    guardians, notes = guardians_from(cells)

    assert [guardian.address for guardian in guardians] == [
        (),
        ("Bâtiment B", "1 rue du Lac", "01000 Bourg"),
        ("Rue Haute 3", "1000 Bruxelles", "Belgique"),
    ]
    assert notes.found == []
