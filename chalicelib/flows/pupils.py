"""See one's pupils: who they are, what each learns this year, and where its re-enrolment stands."""

from dataclasses import dataclass

from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.households import Pupil
from chalicelib.flows.reenrolment import Enrolling


@dataclass(frozen=True)
class Shown:
    """A pupil as it is shown: whether it is of age today, and its file of the season, which may hold nothing yet."""

    pupil: Pupil
    is_adult: bool
    file: PupilFile


def shown(enrolling: Enrolling) -> tuple[Shown, ...]:
    """Show the pupils in the order of the file; the day is that of Paris."""
    today = enrolling.now.astimezone(PARIS).date()
    return tuple(
        Shown(pupil, pupil.is_adult(today), enrolling.enrolment.file_of(key, pupil.name))
        for key, pupil in enrolling.pupils.items()
    )
