"""School years: the weekday and hours of a slot in the yearly file, and the days on which it meets."""

from datetime import date, time

import pytest

from chalicelib.domain.teaching.school_years import Closure, SchoolYear, Slot, default_year, name_of_year, year_of

YEAR = SchoolYear(date(2026, 9, 7), date(2027, 7, 3), (Closure("Toussaint", date(2026, 10, 17), date(2026, 11, 1)),))


def test_lessons_meet_each_week_but_in_closures_and_on_public_holidays() -> None:
    days = list(YEAR.lessons(Slot.parse("mercredi 14 h"), date(2026, 10, 1), date(2026, 11, 30)))

    assert days == [date(2026, 10, 7), date(2026, 10, 14), date(2026, 11, 4), date(2026, 11, 18), date(2026, 11, 25)]


def test_a_slot_without_a_weekday_meets_on_no_known_day() -> None:
    assert list(YEAR.lessons(Slot.parse("14 h"), date(2026, 9, 1), date(2027, 7, 31))) == []


def test_the_year_of_a_day_is_the_one_it_is_in_or_the_next_within_the_summer() -> None:
    assert year_of([YEAR], date(2026, 11, 4)) == YEAR
    assert year_of([YEAR], date(2026, 8, 1)) == YEAR
    assert year_of([YEAR], date(2026, 1, 1)) == default_year(date(2026, 1, 1))
    assert year_of([YEAR], date(2027, 9, 1)).starts_on == date(2027, 9, 1)
    assert (name_of_year(date(2026, 8, 31)), name_of_year(date(2026, 9, 1))) == ("2025", "2026")


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("mercredi 14 h 30 - 15 h 15", Slot(2, time(14, 30), time(15, 15))),
        ("Samedi 9 h", Slot(5, time(9))),
        ("vendredi", Slot(4)),
        ("18 h - 17 h", Slot(None, time(18))),
        ("lundi 25 h 10", Slot(0)),
        ("", Slot()),
    ],
)
def test_what_a_slot_says(text: str, slot: Slot) -> None:
    assert Slot.parse(text) == slot


def test_a_lesson_without_an_end_lasts_an_hour() -> None:
    hours = Slot.parse("samedi 9 h 30").on(date(2026, 11, 7))

    assert hours is not None
    assert [moment.isoformat() for moment in hours] == ["2026-11-07T09:30:00+01:00", "2026-11-07T10:30:00+01:00"]
