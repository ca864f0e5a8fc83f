"""The guardians of a row, with their addresses and telephones."""

from datetime import date

import pytest

from chalicelib.domain.family.households import Course, Guardian, Pupil
from chalicelib.domain.roster.row_emails import Addresses
from chalicelib.domain.roster.row_guardians import guardians_of, pupils_of
from chalicelib.domain.roster.yearly_file import Column, Row, RowNotes

TODAY = date(2026, 6, 1)
ZELIE: dict[Column, str] = {("pupil", 1): "Zélie", ("discipline", 1): "Hautbois"}


def pupils_from(cells: dict[Column, str]) -> tuple[tuple[Pupil, ...], list[str]]:
    notes = RowNotes(7)
    return pupils_of(Row(7, cells), notes, TODAY), [anomaly.code for anomaly in notes.anomalies]


def course(**cells: str) -> Course:
    """Parse the only course of a row with some cells."""
    (pupil,), codes = pupils_from({("pupil", 1): "Zélie"} | {(word, 1): cell for word, cell in cells.items()})
    assert codes == []
    (taught,) = pupil.courses
    return taught


def test_a_course_tells_what_with_whom_when_and_where() -> None:
    taught = course(
        discipline="Hautbois", level="Cycle 1", teacher="Mme Sorbier", day="Mercredi", time="14:30-15:15",
        place="Maison de la musique", room="salle Anche",
    )  # fmt: skip

    assert taught == Course(
        "Hautbois", "Cycle 1", "Mme Sorbier", "mercredi 14 h 30 - 15 h 15", "Maison de la musique, salle Anche"
    )


@pytest.mark.parametrize(
    ("day", "time", "slot"),
    [
        ("MERCREDI", "14h30", "mercredi 14 h 30"),
        ("", "9h-10h", "9 h - 10 h"),
        ("mardi", "14:30:00", "mardi 14 h 30"),
        ("mardi", "de 14H30 à 15H", "mardi de 14 h 30 à 15 h"),
        ("", "17 heures", "17 h"),
        ("lundi", "9 h 05 – 9 h 50", "lundi 9 h 05 - 9 h 50"),
        ("samedi", "", "samedi"),
        ("", "Mercredi\n14h", "Mercredi 14 h"),
        ("", "un samedi sur 2", "un samedi sur 2"),
    ],
)
def test_hours_are_written_in_french(day: str, time: str, slot: str) -> None:
    assert course(day=day, time=time).slot == slot


def test_a_pupil_listed_under_two_numbers_is_one_with_two_courses() -> None:
    pupils, codes = pupils_from(ZELIE | {("pupil", 2): "ZÉLIE", ("discipline", 2): "Chant"})

    assert pupils == (Pupil("Zélie", None, (Course("Hautbois"), Course("Chant"))),)
    assert codes == []


def test_where_a_row_names_one_pupil_every_course_is_its_own() -> None:
    pupils, codes = pupils_from(ZELIE | {("discipline", 2): "Chant", ("level", 2): "Cycle 1", ("discipline", 3): ""})

    assert pupils == (Pupil("Zélie", None, (Course("Hautbois"), Course("Chant", "Cycle 1"))),)
    assert codes == []


def test_where_a_row_names_several_each_has_the_course_of_its_number() -> None:
    pupils, _ = pupils_from(ZELIE | {("pupil", 2): "Noé", ("discipline", 2): "Tuba"})

    assert pupils == (Pupil("Zélie", None, (Course("Hautbois"),)), Pupil("Noé", None, (Course("Tuba"),)))


def test_a_pupil_may_have_no_course() -> None:
    assert pupils_from(ZELIE | {("discipline", 1): ""}) == ((Pupil("Zélie"),), [])


@pytest.mark.parametrize(
    "cells",
    [
        {("pupil", 1): "", ("discipline", 1): "Alto"},
        {("discipline", 1): "Alto"},
        {("pupil", 1): "Zélie", ("pupil", 2): "", ("teacher", 2): "Mme Sorbier"},
        {("pupil", 1): "Zélie", ("born_on", 2): "28/02/2015"},
    ],
)
def test_a_course_or_a_date_without_a_name_is_told(cells: dict[Column, str]) -> None:
    assert pupils_from(cells)[1] == ["row_pupil_nameless"]


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
    assert notes.anomalies == []


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

    assert [(anomaly.code, anomaly.severity, anomaly.column) for anomaly in notes.anomalies] == [
        (code, "warning", column)
    ]
    assert notes.doubted == {"telephones"}


def test_in_a_file_that_names_no_guardian_the_first_telephone_is_the_familys() -> None:
    guardians, notes = guardians_from({("name", 1): "Famille Rossignol", ("telephone", 1): "0199001234"})

    assert guardians == (Guardian("Famille Rossignol", "rossignol@example.org", "01 99 00 12 34"),)
    assert notes.anomalies == []


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
    assert notes.anomalies == []
