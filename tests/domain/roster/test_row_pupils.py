"""The pupils of a row: one per name and birth date, with all its courses."""

from datetime import date

import pytest

from chalicelib.domain.family.households import Course, Pupil
from chalicelib.domain.roster.row_pupils import pupils_of
from chalicelib.domain.roster.yearly_file import Column, Row, RowNotes

TODAY = date(2026, 6, 1)
ZELIE: dict[Column, str] = {("pupil", 1): "Zélie", ("discipline", 1): "Hautbois"}


def pupils_from(cells: dict[Column, str]) -> tuple[tuple[Pupil, ...], list[str]]:
    notes = RowNotes(7)
    return pupils_of(Row(7, cells), notes, TODAY), [anomaly.code for anomaly in notes.found]


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
