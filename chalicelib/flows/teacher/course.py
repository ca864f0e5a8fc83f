"""One course of a teacher: its pupils, its last lessons and the next."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.teaching.opinions import CourseOpinions
from chalicelib.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.flows.teacher.lessons import Lesson, meetings, read_lessons
from chalicelib.flows.teacher.opinion import opinion_lookups, opinion_window, opinions_of_course
from chalicelib.flows.teacher.own_pupils import ListedCourse
from chalicelib.flows.teacher.returns import Returns, return_lookups
from chalicelib.services.family import Services
from chalicelib.values import frozen

_LAST: Final = 2
_NEXT: Final = 4  # today's among them


@frozen
class CourseFile:
    """A course, and the lessons that its page shows: the last two, and the next four from today on.

    `opinions`: on its pupils' return, while they are given.
    """

    listed: ListedCourse
    last: tuple[Lesson, ...]
    next: tuple[Lesson, ...]
    opinions: CourseOpinions | None = None


def read_course(services: Services, teacher: TeacherContext, own: OwnCourse, now: datetime) -> CourseFile:
    """Read it, in one round trip."""
    year, day = teacher.year, teacher.day
    before = meetings(own, year, year.starts_on, day - timedelta(days=1))[-_LAST:]
    after = meetings(own, year, day, year.ends_on)[:_NEXT]
    pupils = return_lookups(services, ((own, pupil) for pupil in own.course.pupils), now)
    opinions = opinion_lookups(services, own, now) if opinion_window(services).has(day) else []
    lessons, read = read_lessons(services, (*before, *after), now, (*pupils, *opinions))
    returns, told = Returns.read(read[: len(pupils)]), read[len(pupils) :]
    return CourseFile(
        ListedCourse.of(own, returns, day),
        lessons[: len(before)],
        lessons[len(before) :],
        opinions_of_course(own, told) if told else None,
    )
