"""The days of a teacher's week."""

from datetime import date

import pytest

from chalicelib.domain.teaching.school_years import default_year
from chalicelib.flows.teacher.week import Day, Week, day_from

WEDNESDAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-18", date(2026, 11, 18)),
        ("", WEDNESDAY),
        ("hier", WEDNESDAY),
        ("2026-02-30", WEDNESDAY),
        ("0001-01-01", WEDNESDAY),
        ("9999-12-31", WEDNESDAY),
    ],
)
def test_a_day_that_is_none_or_far_away_is_today(typed: str, day: date) -> None:
    assert day_from(typed, WEDNESDAY) == day


def test_a_week_leads_to_those_around_it_and_knows_whether_it_is_of_the_year() -> None:
    monday, saturday = date(2026, 8, 24), date(2026, 8, 29)
    week = Week(monday, (Day(saturday, (), None, is_day_off=False),), (), default_year(date(2026, 9, 1)))

    assert (week.before, week.after) == (date(2026, 8, 17), date(2026, 8, 31))
    assert week.is_outside
