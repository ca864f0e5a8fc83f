"""One pupil of a teacher: their record in the family's file today, and further lookups of the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import Course, Pupil
from chalicelib.domain.refusals import NotThere
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Services
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.course_returns import CourseReturn, course_return, covers_current_courses
from chalicelib.wings.teaching.domain.courses import TaughtPupil, courses_of
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse, TeacherContext


@frozen
class Returns:
    """The re-enrolments of some families. Empty if no period is about today's courses."""

    enrolments: Mapping[AccountRef, Enrolment]

    @classmethod
    def read(cls, enrolments: Iterable[Enrolment]) -> "Returns":
        """Build from the results of `return_lookups`."""
        return cls({enrolment.ref.account: enrolment for enrolment in enrolments})

    def of(self, course: OwnCourse, pupil: TaughtPupil) -> CourseReturn | None:
        """Find the family's answer on a pupil's course. None if it is not asked yet."""
        enrolment = self.enrolments.get(AccountRef(course.site.code, pupil.ref.identifier))
        return course_return(enrolment, pupil.ref.key, course.course.discipline) if enrolment else None


def return_lookups(
    services: Services, pupils: Iterable[tuple[OwnCourse, TaughtPupil]], now: datetime
) -> tuple[Lookup[Enrolment], ...]:
    """Look up the families' re-enrolments, each family once, at the sites whose period is about these courses."""
    periods = services.periods.recent(now)
    refs = dict.fromkeys(AccountRef(own.site.code, pupil.ref.identifier) for own, pupil in pupils)
    return tuple(
        services.enrolments.lookup(EnrolmentRef(ref, period.season))
        for ref in refs
        if (period := periods.of(ref.site)) and covers_current_courses(period, now)
    )


@frozen
class OwnPupil:
    """A pupil, by their family's file, found from a timetable. `courses`: all of the pupil's, by their keys."""

    account: Account
    taught_pupil: TaughtPupil
    course: OwnCourse
    courses: Mapping[str, Course] = field(repr=False)
    returns: Returns = field(repr=False)

    @property
    def pupil(self) -> Pupil:
        """The pupil on file."""
        return self.account.household.pupils_by_key[self.taught_pupil.ref.key]

    @property
    def level(self) -> str:
        """The pupil's level in this course."""
        return self.courses[self.course.key].level

    def with_teacher(self, teacher: TeacherContext) -> Iterator[tuple[OwnCourse, CourseReturn | None]]:
        """List the pupil's courses with a teacher, each with the family's answer."""
        for own_course in teacher.courses:
            if own_course.site == self.course.site and own_course.key in self.courses:
                yield own_course, self.returns.of(own_course, self.taught_pupil)


def read_own_pupil(
    services: Services, course: OwnCourse, pupil: TaughtPupil, now: datetime, also: Sequence[Lookup[Any]] = ()
) -> tuple[OwnPupil, tuple[Any, ...]]:
    """Read a pupil, their re-enrolment and a page's lookups. Raises `NotThere` if they no longer take the course."""
    account = services.accounts.lookup(AccountRef(course.site.code, pupil.ref.identifier))
    season = return_lookups(services, ((course, pupil),), now)
    family, *items = services.database.read_together(account, *season, *also)
    courses, enrolments = courses_on_file(family, course, pupil), items[: len(season)]
    return OwnPupil(family, pupil, course, courses, Returns.read(enrolments)), tuple(items[len(season) :])


def courses_on_file(account: Account | None, course: OwnCourse, pupil: TaughtPupil) -> Mapping[str, Course]:
    """List a pupil's courses in their family's file. Raises `NotThere` if this course is no longer one of them."""
    if account is None or account.gone_at or account.role == GUARDIAN:
        raise NotThere
    courses = courses_of(account, pupil.ref.key)
    if course.key not in courses:
        raise NotThere
    return courses
