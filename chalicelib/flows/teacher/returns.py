"""What the season's re-enrolments say of a teacher's pupils, looked up with whatever else a page reads."""

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
    """The re-enrolments of some families; none where no period tells of today's courses."""

    enrolments: Mapping[AccountRef, Enrolment]

    @classmethod
    def read(cls, enrolments: Iterable[Enrolment]) -> "Returns":
        """Take what `return_lookups` found."""
        return cls({enrolment.ref.account: enrolment for enrolment in enrolments})

    def of(self, own: OwnCourse, pupil: TaughtPupil) -> CourseReturn | None:
        """Find what is said of a pupil's course; None where nothing is asked yet."""
        enrolment = self.enrolments.get(AccountRef(own.site.code, pupil.ref.identifier))
        return course_return(enrolment, pupil.ref.key, own.course.discipline) if enrolment else None


def return_lookups(
    services: Services, pupils: Iterable[tuple[OwnCourse, TaughtPupil]], now: datetime
) -> tuple[Lookup[Enrolment], ...]:
    """Look up the families' re-enrolments, each family once; no site's whose period does not tell of these courses."""
    periods = services.periods.recent(now)
    refs = dict.fromkeys(AccountRef(own.site.code, pupil.ref.identifier) for own, pupil in pupils)
    return tuple(
        services.enrolments.lookup(EnrolmentRef(ref, period.season))
        for ref in refs
        if (period := periods.of(ref.site)) and covers_current_courses(period, now)
    )
