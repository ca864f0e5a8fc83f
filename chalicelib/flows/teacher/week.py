"""The week of a teacher, day by day: its lessons, and the days on which there are none."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from chalicelib.domain.enrolment.days_off import is_day_off
from chalicelib.domain.teaching.school_years import Closure, SchoolYear
from chalicelib.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.flows.teacher.lessons import Lesson, meetings, read_lessons
from chalicelib.services.family import Services
from chalicelib.services.teaching import school_year
from chalicelib.values import frozen

_WEEK: Final = timedelta(days=7)
_SHOWN: Final = 6  # from Monday to Saturday: on Sundays there are no lessons
FAR: Final = timedelta(days=731)  # nobody leafs further


@frozen
class Day:
    """One day of a week: its lessons by their hours, or why there is none."""

    on: date
    lessons: tuple[Lesson, ...]
    closure: Closure | None
    is_day_off: bool


@frozen
class Week:
    """A week from its Monday on; `unplaced`: the courses of which the file does not say when they meet."""

    monday: date
    days: tuple[Day, ...]
    unplaced: tuple[OwnCourse, ...]
    year: SchoolYear

    @property
    def before(self) -> date:
        """The Monday of the week before."""
        return self.monday - _WEEK

    @property
    def after(self) -> date:
        """The Monday of the week after."""
        return self.monday + _WEEK

    @property
    def is_outside(self) -> bool:
        """Whether all of it lies outside of the school year."""
        return self.days[-1].on < self.year.starts_on or self.monday > self.year.ends_on


def day_from(typed: str, day: date) -> date:
    """Read the day of a week that is asked for; what is none, or far away, is today."""
    try:
        asked = date.fromisoformat(typed)
    except ValueError:
        return day
    return asked if abs(asked - day) <= FAR else day


def read_week(services: Services, teacher: TeacherContext, day: date, now: datetime) -> Week:
    """Read the week of a day, in one round trip."""
    monday = day - timedelta(days=day.weekday())
    shown = [monday + timedelta(days=number) for number in range(_SHOWN)]
    year = school_year(services.settings.network, monday)
    met = [meeting for own in teacher.courses for meeting in meetings(own, year, shown[0], shown[-1])]
    lessons, _ = read_lessons(services, met, now)
    days = tuple(Day(on, _on(lessons, on), year.closure_on(on), is_day_off(on)) for on in shown)
    return Week(monday, days, tuple(own for own in teacher.courses if own.slot.weekday is None), year)


def _on(lessons: Iterable[Lesson], day: date) -> tuple[Lesson, ...]:
    found = (lesson for lesson in lessons if lesson.day == day)
    return tuple(sorted(found, key=lambda lesson: lesson.own.slot.begins or time.max))
