"""The weekday and hours of a course, from a slot of the yearly file: « mercredi 14 h 30 - 15 h 15 »."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.text import fold
from chalicelib.values import frozen

WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_HOUR: Final = r"\b(\d{1,2}) ?h(?: ?(\d{2}))?\b"
_LASTS: Final = timedelta(hours=1)  # if the file has no end


@frozen
class Slot:
    """A weekday (Monday is 0) and hours in Paris, each None if the file does not have it."""

    weekday: int | None = None
    begins: time | None = None
    ends: time | None = None

    @classmethod
    def parse(cls, text: str) -> "Slot":
        """Parse a slot. Unparsed parts are None."""
        words = fold(text).split()
        weekday = next((number for number, name in enumerate(WEEKDAYS) if name in words), None)
        hours = [
            time(int(hour), int(minutes or 0)) for hour, minutes in re.findall(_HOUR, text) if _is_time(hour, minutes)
        ]
        begins, ends = (*hours[:2], None, None)[:2]
        return cls(weekday, begins, ends if begins and ends and begins < ends else None)

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return its start and end on a day, in Paris. One hour long without a known end, None without a start."""
        if self.begins is None:
            return None
        begins = datetime.combine(day, self.begins, PARIS)
        ends = datetime.combine(day, self.ends, PARIS) if self.ends else begins + _LASTS
        return begins, ends

    @property
    def order(self) -> tuple[int, time]:
        """Its sort key in a week, unknown values last."""
        return (len(WEEKDAYS) if self.weekday is None else self.weekday, self.begins or time.max)


def _is_time(hour: str, minutes: str) -> bool:
    return int(hour) < 24 and int(minutes or 0) < 60  # noqa: PLR2004 - a clock's limits
