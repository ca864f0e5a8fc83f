"""The term of an offer: a number of hours, moved so that it never ends at night, on a Sunday or a public holiday."""

from datetime import datetime, time, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS, is_day_off

_EARLIEST: Final = time(9)  # in Paris
_LATEST: Final = time(20)
_NOON: Final = time(12)  # for moved terms: families then have the morning to read their mail
_HOUR: Final = timedelta(hours=1)


def offer_term(now: datetime, hours: int) -> datetime:
    """Compute the term of an offer made now: at least so many hours, rounded up to the hour, by day in Paris."""
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
