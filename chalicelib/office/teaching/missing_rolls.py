"""Lessons whose roll nobody called: looked up by key, of timetables between two days."""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Final

from chalicelib.domain.teaching.courses import TaughtCourse, Timetable, teacher_key
from chalicelib.domain.teaching.rolls import RollRef
from chalicelib.domain.teaching.slots import Slot
from chalicelib.domain.text import fold
from chalicelib.services.family import Services
from chalicelib.services.teaching import school_year, teaching_stores
from chalicelib.values import frozen

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@frozen
class ForgottenRoll:
    """A lesson that took place, as far as anybody knows, without its roll; `teacher`: the name in the yearly file."""

    teacher: str
    course: TaughtCourse
    ref: RollRef

    @property
    def day(self) -> date:
        """The lesson's day."""
        return self.ref.day

    @property
    def path(self) -> str:
        """The address at which its teacher takes it."""
        return f"/extranet/enseignant/cours/{self.ref.site}/{self.ref.course}/appel/{self.day.isoformat()}"


def forgotten_rolls(
    services: Services, timetables: Iterable[Timetable], first_on: date, last_on: date
) -> tuple[ForgottenRoll, ...]:
    """Find the lessons from one day to another, both included, without roll, by day and hour.

    Not those that are cancelled, nor of courses whose weekday the file does not say. Raises `Unavailable`.
    """
    stores = teaching_stores(services)
    lessons = tuple(_lessons(services, timetables, first_on, last_on))
    rolls = services.database.read_together(*(stores.rolls.lookup(lesson.ref) for lesson in lessons)) if lessons else ()
    missing = [lesson for lesson, roll in zip(lessons, rolls, strict=True) if roll.taken_at is None]
    courses = list(dict.fromkeys((lesson.ref.site, lesson.ref.course) for lesson in missing))
    changes = (
        services.database.read_together(*(stores.changes.lookup(*course) for course in courses)) if courses else ()
    )
    cancelled = {(one.site, one.course): one.cancelled for one in changes}
    held = (lesson for lesson in missing if lesson.day not in cancelled[lesson.ref.site, lesson.ref.course])
    return tuple(sorted(held, key=_order))


def _order(lesson: ForgottenRoll) -> tuple[date, tuple[int, time], str]:
    return lesson.day, Slot.parse(lesson.course.slot).order, lesson.course.discipline


def _lessons(
    services: Services, timetables: Iterable[Timetable], first_on: date, last_on: date
) -> Iterator[ForgottenRoll]:
    year = school_year(services.settings.network, first_on)
    for timetable in timetables:
        for course in timetable.courses:
            for day in year.lessons(Slot.parse(course.slot), first_on, last_on):
                yield ForgottenRoll(timetable.teacher, course, RollRef(timetable.site, course.key, day))


@frozen
class ForgetfulTeacher:
    """A name of the yearly file whose rolls were not taken; `is_linked`: whether somebody is told each morning."""

    site: str
    name: str
    is_linked: bool
    rolls: tuple[ForgottenRoll, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.rolls)


def forgotten_of_week(services: Services, sites: Iterable[str], day: date) -> tuple[ForgetfulTeacher, ...]:
    """List the rolls of the seven days before a day that nobody took, by site and name; not today's."""
    stores = teaching_stores(services)
    linked = {link.key for teacher in stores.teachers.all() for link in teacher.links}
    found: dict[tuple[str, str], list[ForgottenRoll]] = {}
    for site in sites:
        for roll in forgotten_rolls(services, stores.timetables.all(site), day - _WEEK, day - _DAY):
            found.setdefault((site, roll.teacher), []).append(roll)
    return tuple(
        ForgetfulTeacher(site, name, (site, teacher_key(name)) in linked, tuple(rolls))
        for (site, name), rolls in sorted(found.items(), key=lambda one: (one[0][0], fold(one[0][1])))
    )
