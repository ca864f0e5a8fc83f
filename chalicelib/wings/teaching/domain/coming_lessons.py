"""The next lessons of a pupil in all their courses, with cancellations and announced absences."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.households import Course
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.announcements import (
    AnnouncedAbsence,
    CourseChanges,
    LessonCancellation,
    LessonChange,
    LessonKey,
    PupilAbsences,
)
from chalicelib.wings.teaching.domain.school_years import WEEKDAYS, SchoolYears, Slot

AHEAD: Final = timedelta(weeks=4)


@frozen
class ComingLesson:
    """One lesson of a course, by the course's key. `hours`: in Paris, None if the file does not have them."""

    key: LessonKey
    course: Course
    hours: tuple[datetime, datetime] | None = None
    cancelled: LessonCancellation | None = None
    announced: AnnouncedAbsence | None = None
    change: LessonChange | None = None  # of hours or teacher
    usual_day: date | None = None

    @property
    def name(self) -> str:
        """Its name in a form: « COURSE#DAY »."""
        course, day = self.key
        return f"{course}#{day.isoformat()}"

    @property
    def weekday(self) -> str:
        """The French name of its weekday."""
        return WEEKDAYS[self.key[1].weekday()]

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, if the file has it."""
        return self.hours[1] if self.hours and Slot.parse(self.course.slot).ends else None

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended. Without known hours, at the end of its day."""
        _, day = self.key
        return self.hours[1] <= now if self.hours else day < today(now)


def coming_lessons(
    years: SchoolYears,
    courses: Mapping[str, Course],
    changes: Iterable[CourseChanges],
    absences: PupilAbsences,
    now: datetime,
) -> tuple[ComingLesson, ...]:
    """List the lessons of the next four weeks, in order. `courses`: by their keys."""
    changes_of = {course_changes.course: course_changes for course_changes in changes}
    lessons = (
        replace(lesson, announced=absences.announced.get(lesson.key))
        for key, course in courses.items()
        for lesson in _lessons(years, changes_of.get(key) or CourseChanges("", key), course, now)
    )
    return tuple(sorted(lessons, key=lambda lesson: (lesson.key[1], _begin(lesson), lesson.key[0])))


def _lessons(years: SchoolYears, changes: CourseChanges, course: Course, now: datetime) -> Iterator[ComingLesson]:
    slot, day = Slot.parse(course.slot), today(now)
    for on in changes.days(years.lessons(slot, day, day + AHEAD), day, day + AHEAD):
        usual_day = changes.usual(on)
        facts = changes.cancelled.get(on), None, changes.changes.get(usual_day), usual_day
        lesson = ComingLesson((changes.course, on), course, changes.hours(slot, on), *facts)
        if not lesson.is_over(now):
            yield lesson


def _begin(lesson: ComingLesson) -> time:
    return lesson.hours[0].time() if lesson.hours else time.max
