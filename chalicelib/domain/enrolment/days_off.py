"""Days off: Sundays and public holidays, when the office is closed and there are no lessons."""

from datetime import date
from typing import Final

_SUNDAY: Final = 6
# Fixed dates, and days after Easter Sunday: Code du travail, L3133-1.
_FIXED: Final = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_AFTER_EASTER: Final = frozenset({1, 39, 50})  # Monday, Ascension, Whit Monday


def is_day_off(day: date) -> bool:
    """Whether it is a Sunday or a public holiday of metropolitan France (those of Alsace and Moselle are not)."""
    is_moving = (day - easter(day.year)).days in _AFTER_EASTER
    return day.weekday() == _SUNDAY or (day.month, day.day) in _FIXED or is_moving


def easter(year: int) -> date:
    """Compute Easter Sunday, by the Gregorian computus (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)
