"""The season's re-enrolments of a teacher's pupils, looked up together with the rest of a page."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.teaching.course_returns import CourseReturn, course_return, covers_current_courses
from chalicelib.domain.teaching.courses import TaughtPupil
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class Returns:
    """The re-enrolments of some families. Empty if no period is about today's courses."""

    enrolments: Mapping[AccountRef, Enrolment]

    @classmethod
    def read(cls, enrolments: Iterable[Enrolment]) -> "Returns":
        """Build from the results of `return_lookups`."""
        return cls({enrolment.ref.account: enrolment for enrolment in enrolments})

    def of(self, own: OwnCourse, pupil: TaughtPupil) -> CourseReturn | None:
        """Find the family's answer on a pupil's course. None if it is not asked yet."""
        enrolment = self.enrolments.get(AccountRef(own.site.code, pupil.ref.identifier))
        return course_return(enrolment, pupil.ref.key, own.course.discipline) if enrolment else None


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
