"""See one's pupils: who they are, what each learns this year, and where its re-enrolment stands."""

from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.households import Pupil
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.values import frozen


@frozen
class PupilView:
    """A pupil as it is shown: whether it is of age today, and its file of the season, which may hold nothing yet."""

    pupil: Pupil
    is_adult: bool
    file: PupilFile


def pupil_views(context: EnrolmentContext) -> tuple[PupilView, ...]:
    """Show the pupils in the order of the file; the day is that of Paris."""
    today = context.now.astimezone(PARIS).date()
    return tuple(
        PupilView(pupil, pupil.is_adult(today), context.enrolment.file_of(key, pupil.name))
        for key, pupil in context.pupils.items()
    )
