"""Days off, as calendars have them."""

from datetime import date

import pytest

from chalicelib.domain.enrolment.days_off import easter, is_day_off


@pytest.mark.parametrize("day", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)])
def test_easter_is_when_calendars_say(day: date) -> None:
    assert easter(day.year) == day


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2026, 11, 11), True),
        (date(2027, 5, 6), True),  # Ascension
        (date(2027, 5, 17), True),  # Whit Monday
        (date(2026, 11, 15), True),  # a Sunday
        (date(2026, 11, 14), False),
        (date(2027, 3, 26), False),  # Good Friday: in Alsace and Moselle alone
    ],
)
def test_sundays_and_public_holidays_are_days_off(day: date, is_off: bool) -> None:
    assert is_day_off(day) is is_off
