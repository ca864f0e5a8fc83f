"""The school year: its first and last day of lessons, the days without lessons, and the slots of its weeks."""

import re
from collections.abc import Iterator
from dataclasses import field
from datetime import date, datetime, time, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS, YEAR_BEGINS_IN, is_day_off, name_of_year
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


_WEEK: Final = timedelta(days=7)
_SUMMER: Final = timedelta(days=92)  # in which the next year is shown already
_PREPARED_FROM: Final = 4  # the month from which the next year should be configured


@frozen
class Closure:
    """Days without lessons, inclusive: « Vacances de Noël »."""

    name: str
    first_on: date
    last_on: date


@frozen
class SchoolYear:
    """Lessons from one day to another, inclusive, except on Sundays, public holidays and in closures."""

    starts_on: date
    ends_on: date
    closures: tuple[Closure, ...] = field(default=())

    @property
    def name(self) -> str:
        """« 2026 » is 2026-2027, by its end: it may start in August, or in January with the network's first lessons."""
        return name_of_year(self.ends_on)

    def has(self, day: date) -> bool:
        """Whether a day is within the school year, first and last day included."""
        return self.starts_on <= day <= self.ends_on

    def has_lessons_on(self, day: date) -> bool:
        """Whether there are lessons on a day."""
        return self.has(day) and not self.closure_on(day) and not is_day_off(day)

    def closure_on(self, day: date) -> Closure | None:
        """Find the closure on a day."""
        return next((closure for closure in self.closures if closure.first_on <= day <= closure.last_on), None)

    def lessons(self, slot: Slot, first_on: date, last_on: date) -> Iterator[date]:
        """List the days of a slot between two days, inclusive. Empty without a weekday."""
        return filter(self.has_lessons_on, _weekly(slot, max(first_on, self.starts_on), min(last_on, self.ends_on)))


def _weekly(slot: Slot, first_on: date, last_on: date) -> Iterator[date]:
    if slot.weekday is None:
        return
    day = first_on + timedelta(days=(slot.weekday - first_on.weekday()) % 7)
    while day <= last_on:
        yield day
        day += _WEEK


def default_year(day: date) -> SchoolYear:
    """Make a default school year, if the network's settings have none: September to June, without closures."""
    year = int(name_of_year(day))
    return SchoolYear(date(year, YEAR_BEGINS_IN, 1), date(year + 1, 6, 30))


@frozen
class SchoolYears:
    """The configured school years, in any order."""

    years: tuple[SchoolYear, ...] = ()

    def of(self, day: date) -> SchoolYear:
        """Return the school year of a day. In summer, once lessons are over, the next one if it is configured."""
        current = self._configured(day) or default_year(day)
        ahead = min((year for year in self.years if day <= year.ends_on), key=_start, default=current)
        is_next = current.ends_on < day and ahead.starts_on - day <= _SUMMER
        return ahead if is_next or ahead.has(day) else current

    def of_calendar(self, day: date) -> tuple[SchoolYear, ...]:
        """List the school years that a calendar shows on a day: in summer also the past one, whose events stay."""
        return tuple(dict.fromkeys(filter(None, (self._configured(day), self.of(day)))))

    def _configured(self, day: date) -> SchoolYear | None:
        return max((year for year in self.years if year.name == name_of_year(day)), key=_start, default=None)

    def lessons(self, slot: Slot, first_on: date, last_on: date) -> Iterator[date]:
        """List the days of a slot between two days, inclusive, each by its own school year. Empty without a weekday."""
        return filter(lambda day: self.of(day).has_lessons_on(day), _weekly(slot, first_on, last_on))

    def not_configured(self, day: date) -> str:
        """Name the school year to configure, from April on the next one. Empty if it is there, or if none ever was."""
        name = str(day.year if day.month >= _PREPARED_FROM else day.year - 1)
        return name if self.years and name not in {year.name for year in self.years} else ""


def _start(year: SchoolYear) -> date:
    return year.starts_on
