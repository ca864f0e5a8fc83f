"""Rolls: the marks, their start, and the time to correct them."""

from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.family.households import PupilRef
from chalicelib.wings.teaching.domain.rolls import Roll, RollRef, UnexcusedAbsences

NOVEMBER = ("0" * 16, date(2026, 11, 4))
DECEMBER = ("0" * 16, date(2026, 12, 2))
NEXT_YEAR = ("0" * 16, date(2027, 9, 8))
NOTHING = UnexcusedAbsences("evry-xenakis", PupilRef("xen1", "0" * 8))


def test_a_lesson_is_counted_once_and_taken_back() -> None:
    absences = NOTHING.with_lesson(NOVEMBER, "Violon").with_lesson(DECEMBER, "Violon")

    assert absences.with_lesson(NOVEMBER, "Violon") is absences
    assert absences.without(NOVEMBER).lessons == {DECEMBER: "Violon"}
    assert NOTHING.without(NOVEMBER) is NOTHING


def test_another_school_year_begins_with_nothing() -> None:
    absences = NOTHING.with_lesson(NOVEMBER, "Violon").with_lesson(NEXT_YEAR, "Violon")

    assert absences.lessons == {NEXT_YEAR: "Violon"}
    assert absences.in_year(NOVEMBER[1]) == {}


LESSON = datetime(2026, 11, 4, 13, 30, tzinfo=UTC)
ZELIE, BASILE = PupilRef("xen1", "0" * 8), PupilRef("xen2", "1" * 8)
ROLL = Roll(RollRef("evry-xenakis", "0" * 16, date(2026, 11, 4)))


def test_a_mark_that_stays_keeps_since_when_it_is_so() -> None:
    first = ROLL.save({ZELIE: "absent"}, "Mme Pinson", LESSON)
    later = LESSON + timedelta(minutes=10)

    second = first.save({ZELIE: "absent", BASILE: "absent"}, "Mme Pinson", later)

    assert second.absent_since(LESSON) == (ZELIE,)
    assert second.absent_since(later) == (ZELIE, BASILE)
    assert second.save({ZELIE: "late"}, "Mme Pinson", later).absent_since(later) == ()
    assert first.says({ZELIE: "absent"})
    assert not ROLL.says({})


def test_a_roll_is_saved_on_the_lesson_s_day_and_where_forgotten_within_a_week() -> None:
    roll = ROLL.save({}, "Mme Pinson", LESSON)
    late = ROLL.save({}, "Mme Pinson", LESSON + timedelta(days=2))

    assert [ROLL.is_open(LESSON + timedelta(days=days)) for days in (-1, 0, 1, 7, 8)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [roll.is_open(LESSON + timedelta(days=days)) for days in (0, 1)] == [True, False]
    assert [late.is_open(LESSON + timedelta(days=days)) for days in (1, 2, 3)] == [False, True, False]
