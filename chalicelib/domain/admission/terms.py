"""Until when an offer stands: so many hours, and never so that it ends at night, on a Sunday or on a public holiday."""

from datetime import date, datetime, time, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS

_EARLIEST: Final = time(9)  # in Paris
_LATEST: Final = time(20)
_NOON: Final = time(12)  # where it is moved to: who reads its mail in the morning has that morning
_SUNDAY: Final = 6
_HOUR: Final = timedelta(hours=1)
# Days of each year, and days after Easter Sunday: Code du travail, L3133-1.
_FIXED: Final = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_AFTER_EASTER: Final = frozenset({1, 39, 50})  # Monday, Ascension, Whit Monday


def offer_term(now: datetime, hours: int) -> datetime:
    """Compute until when an offer of this moment stands: at least so many hours, to the full hour, in Paris by day."""
    earliest = now + timedelta(hours=hours)
    begun = earliest.replace(minute=0, second=0, microsecond=0)
    local = (begun if begun == earliest else begun + _HOUR).astimezone(PARIS)
    day, hour = local.date(), local.timetz().replace(tzinfo=None)
    if hour > _LATEST:
        day, hour = day + timedelta(days=1), _NOON
    elif hour < _EARLIEST:
        hour = _NOON
    while is_day_off(day):
        day, hour = day + timedelta(days=1), _NOON
    return datetime.combine(day, hour, PARIS)


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
