"""The family's pupils, and the state of their re-enrolment."""

from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.households import Pupil
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.values import frozen


@frozen
class PupilView:
    """A pupil as shown: whether they are an adult today, and their file of the season, which may be empty."""

    pupil: Pupil
    is_adult: bool
    file: PupilFile


def pupil_views(context: EnrolmentContext) -> tuple[PupilView, ...]:
    """List the pupils in the order of the file. Today is in Paris time."""
    today = context.now.astimezone(PARIS).date()
    return tuple(
        PupilView(pupil, pupil.is_adult(today), context.enrolment.file_of(key, pupil.name))
        for key, pupil in context.pupils.items()
    )
