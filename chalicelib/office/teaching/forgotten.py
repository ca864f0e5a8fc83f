"""Lessons whose roll nobody called: looked up by key, of timetables between two days."""

from collections.abc import Iterable, Iterator
from datetime import date, time

from chalicelib.domain.teaching.courses import TaughtCourse, Timetable
from chalicelib.domain.teaching.rolls import RollRef
from chalicelib.domain.teaching.slots import Slot
from chalicelib.services import Services
from chalicelib.teaching_services import school_year, teaching_stores
from chalicelib.values import frozen


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
    year = school_year(services.settings.network, last_on)
    for timetable in timetables:
        for course in timetable.courses:
            for day in year.lessons(Slot.parse(course.slot), first_on, last_on):
                yield ForgottenRoll(timetable.teacher, course, RollRef(timetable.site, course.key, day))
