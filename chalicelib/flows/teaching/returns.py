"""What the season's re-enrolments say of a teacher's pupils, read with whatever else a page reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.teaching.courses import TaughtPupil
from chalicelib.domain.teaching.returning import CourseReturn, course_return, tells_of_return
from chalicelib.flows.teaching.entering import OwnCourse
from chalicelib.services import Services
from chalicelib.stores.dynamo import Lookup
from chalicelib.values import frozen


@frozen
class Returns:
    """The re-enrolments of some families; none where no period tells of today's courses."""

    enrolments: Mapping[AccountRef, Enrolment]

    def of(self, own: OwnCourse, pupil: TaughtPupil) -> CourseReturn | None:
        """Find what is said of a pupil's course; None where nothing is asked yet."""
        enrolment = self.enrolments.get(AccountRef(own.site.code, pupil.ref.identifier))
        return course_return(enrolment, pupil.ref.key, own.course.discipline) if enrolment else None


def read_returns(
    services: Services, pupils: Iterable[tuple[OwnCourse, TaughtPupil]], now: datetime, also: Sequence[Lookup[Any]] = ()
) -> tuple[Returns, tuple[Any, ...]]:
    """Read the families' re-enrolments with what else a page needs, in one round trip for each hundred."""
    periods = services.periods.recent(now)
    refs = dict.fromkeys(AccountRef(own.site.code, pupil.ref.identifier) for own, pupil in pupils)
    seasons = {ref: period.season for ref in refs if (period := periods.of(ref.site)) and tells_of_return(period, now)}
    lookups = (services.enrolments.lookup(EnrolmentRef(ref, season)) for ref, season in seasons.items())
    read = services.database.read_together(*also, *lookups)
    return Returns(dict(zip(seasons, read[len(also) :], strict=True))), read[: len(also)]
