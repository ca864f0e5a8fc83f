"""All the pupils of a teacher, course by course, with what their families' re-enrolments say."""

from datetime import date, datetime

from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.teaching.course_returns import CourseReturn
from chalicelib.domain.teaching.courses import TaughtPupil
from chalicelib.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.flows.teacher.returns import Returns, return_lookups
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class ListedPupil:
    """A pupil of a course: its age today, None where its birth date is not told; what is `said` of its return."""

    pupil: TaughtPupil
    age: int | None
    said: CourseReturn | None


@frozen
class ListedCourse:
    """A course with its pupils."""

    own: OwnCourse
    pupils: tuple[ListedPupil, ...]

    @classmethod
    def of(cls, own: OwnCourse, returns: Returns, day: date) -> "ListedCourse":
        """List the pupils of a course on a day."""
        listed = (
            ListedPupil(one, age_at(one.born_on, day) if one.born_on else None, returns.of(own, one))
            for one in own.course.pupils
        )
        return cls(own, tuple(listed))


def read_own_pupils(services: Services, teacher: TeacherContext, now: datetime) -> tuple[ListedCourse, ...]:
    """Read them, in one round trip for each hundred families, in the order of a week."""
    courses = teacher.courses
    pupils = [(own, pupil) for own in courses for pupil in own.course.pupils]
    returns = Returns.read(services.database.read_together(*return_lookups(services, pupils, now)))
    return tuple(ListedCourse.of(own, returns, teacher.day) for own in courses)
