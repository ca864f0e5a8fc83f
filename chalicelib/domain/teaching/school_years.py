"""The school year: its first and last day of lessons, and the days without lessons."""

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS, is_day_off
from chalicelib.domain.teaching.slots import Slot
from chalicelib.values import frozen

_FIRST_MONTH: Final = 9
_WEEK: Final = timedelta(days=7)
_SUMMER: Final = timedelta(days=92)  # in which the next year is shown already


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
        """The year in which it starts: « 2026 » is 2026-2027."""
        return str(self.starts_on.year)

    def has_lessons_on(self, day: date) -> bool:
        """Whether there are lessons on a day."""
        return self.starts_on <= day <= self.ends_on and not self.closure_on(day) and not is_day_off(day)

    def closure_on(self, day: date) -> Closure | None:
        """Find the closure on a day."""
        return next((closure for closure in self.closures if closure.first_on <= day <= closure.last_on), None)

    def lessons(self, slot: Slot, first_on: date, last_on: date) -> Iterator[date]:
        """List the days of a slot between two days, inclusive. Empty without a weekday."""
        if slot.weekday is None:
            return
        first_on = max(first_on, self.starts_on)
        day = first_on + timedelta(days=(slot.weekday - first_on.weekday()) % 7)
        while day <= min(last_on, self.ends_on):
            if self.has_lessons_on(day):
                yield day
            day += _WEEK


def name_of_year(day: date) -> str:
    """Return the school year of a day, from September to August."""
    return str(day.year if day.month >= _FIRST_MONTH else day.year - 1)


def default_year(day: date) -> SchoolYear:
    """Make a default school year, if the network's settings have none: September to June, without closures."""
    year = int(name_of_year(day))
    return SchoolYear(date(year, _FIRST_MONTH, 1), date(year + 1, 6, 30))


def year_of(years: Iterable[SchoolYear], day: date) -> SchoolYear:
    """Find the school year of a day among the configured ones: the current one, or one that starts within summer."""
    ahead = sorted((year for year in years if day <= year.ends_on), key=lambda year: year.starts_on)
    return ahead[0] if ahead and ahead[0].starts_on - day <= _SUMMER else default_year(day)


def today(now: datetime) -> date:
    """Return the day of a moment, in Paris."""
    return now.astimezone(PARIS).date()


def year_ends_at(name: str) -> datetime:
    """Compute the end of a school year: the 1st of September after it."""
    return datetime(int(name) + 1, _FIRST_MONTH, 1, tzinfo=PARIS)
