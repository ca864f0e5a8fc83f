"""Unexcused absences: counted once per lesson, removable, within one school year."""

from datetime import date

from chalicelib.domain.teaching.absence_counts import UnexcusedAbsences
from chalicelib.domain.teaching.courses import PupilRef

NOVEMBER = ("0" * 16, date(2026, 11, 4))
DECEMBER = ("0" * 16, date(2026, 12, 2))
NEXT_YEAR = ("0" * 16, date(2027, 9, 8))
NOTHING = UnexcusedAbsences("evry-xenakis", PupilRef("xen1", "0" * 8))


def test_a_lesson_is_counted_once_and_taken_back() -> None:
    counted = NOTHING.with_lesson(NOVEMBER, "Violon").with_lesson(DECEMBER, "Violon")

    assert counted.with_lesson(NOVEMBER, "Violon") is counted
    assert counted.without(NOVEMBER).lessons == {DECEMBER: "Violon"}
    assert NOTHING.without(NOVEMBER) is NOTHING


def test_another_school_year_begins_with_nothing() -> None:
    counted = NOTHING.with_lesson(NOVEMBER, "Violon").with_lesson(NEXT_YEAR, "Violon")

    assert counted.lessons == {NEXT_YEAR: "Violon"}
    assert counted.in_year(NOVEMBER[1]) == {}
