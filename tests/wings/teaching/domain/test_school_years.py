"""School years: the weekday and hours of a slot in the yearly file, and the days on which it meets."""

from datetime import date, time

import pytest

from chalicelib.domain.enrolment.periods import name_of_year
from chalicelib.wings.teaching.domain.school_years import Closure, SchoolYear, SchoolYears, Slot, default_year

YEAR = SchoolYear(date(2026, 9, 7), date(2027, 7, 3), (Closure("Toussaint", date(2026, 10, 17), date(2026, 11, 1)),))


def test_lessons_meet_each_week_but_in_closures_and_on_public_holidays() -> None:
    days = list(YEAR.lessons(Slot.parse("mercredi 14 h"), date(2026, 10, 1), date(2026, 11, 30)))

    assert days == [date(2026, 10, 7), date(2026, 10, 14), date(2026, 11, 4), date(2026, 11, 18), date(2026, 11, 25)]


def test_a_slot_without_a_weekday_meets_on_no_known_day() -> None:
    assert list(YEAR.lessons(Slot.parse("14 h"), date(2026, 9, 1), date(2027, 7, 31))) == []


NEXT = SchoolYear(date(2027, 8, 31), date(2028, 7, 1))
LATE = SchoolYear(date(2027, 1, 4), date(2027, 7, 3))  # of a network that began in January


def test_the_year_of_a_day_is_its_own_and_in_summer_the_next_one_if_it_is_configured() -> None:
    cases: list[tuple[str, tuple[SchoolYear, ...], SchoolYear]] = [
        ("2026-11-04", (YEAR,), YEAR),
        ("2026-08-01", (YEAR,), YEAR),
        ("2026-09-01", (YEAR,), YEAR),
        ("2026-06-20", (YEAR,), default_year(date(2026, 6, 20))),  # the last lessons of a year before the first one
        ("2026-01-01", (YEAR,), default_year(date(2026, 1, 1))),
        ("2027-07-03", (NEXT, YEAR), YEAR),
        ("2027-07-04", (YEAR, NEXT), NEXT),
        ("2027-08-31", (YEAR, NEXT), NEXT),
        ("2027-07-04", (YEAR,), YEAR),
        ("2027-08-31", (YEAR,), YEAR),
        ("2027-09-01", (YEAR,), default_year(date(2027, 9, 1))),
        ("2027-03-01", (LATE,), LATE),
        ("2027-07-20", (LATE,), LATE),
    ]
    years_by_day = [(day, years, SchoolYears(years).of(date.fromisoformat(day))) for day, years, _ in cases]

    assert years_by_day == cases
    assert (name_of_year(date(2026, 8, 31)), name_of_year(date(2026, 9, 1))) == ("2025", "2026")


def test_lessons_of_many_days_are_each_of_their_own_year() -> None:
    days = SchoolYears((YEAR,)).lessons(Slot.parse("mercredi"), date(2027, 6, 23), date(2027, 9, 8))

    assert list(days) == [date(2027, 6, 23), date(2027, 6, 30), date(2027, 9, 1), date(2027, 9, 8)]


def test_a_calendar_keeps_a_year_until_the_end_of_august() -> None:
    summer, autumn = date(2027, 7, 4), date(2027, 9, 1)

    assert SchoolYears((YEAR,)).of_calendar(summer) == (YEAR,)
    assert SchoolYears((YEAR, NEXT)).of_calendar(summer) == (YEAR, NEXT)
    assert SchoolYears((YEAR, NEXT)).of_calendar(autumn) == (NEXT,)
    assert SchoolYears((NEXT,)).of_calendar(date(2027, 5, 1)) == (default_year(summer),)


def test_the_next_year_should_be_configured_from_april_on() -> None:
    cases = {"2027-03-31": "", "2027-04-01": "2027", "2027-12-31": "2027", "2028-04-01": "2028"}
    years, never = SchoolYears((YEAR,)), SchoolYears()

    assert {day: years.not_configured(date.fromisoformat(day)) for day in cases} == cases
    assert {day: never.not_configured(date.fromisoformat(day)) for day in cases} == dict.fromkeys(cases, "")
    assert SchoolYears((YEAR, NEXT)).not_configured(date(2027, 12, 31)) == ""


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
