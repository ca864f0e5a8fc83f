"""See one's pupils: who they are, and what each learns this year."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.households import Household, Pupil
from chalicelib.domain.periods import PARIS


@dataclass(frozen=True)
class Shown:
    """A pupil as it is shown: the key that names it in addresses, and whether it is of age today."""

    key: str
    pupil: Pupil
    is_adult: bool


def shown(household: Household, now: datetime) -> tuple[Shown, ...]:
    """Show the pupils in the order of the file; the day is that of Paris."""
    today = now.astimezone(PARIS).date()
    return tuple(Shown(key, pupil, pupil.is_adult(today)) for key, pupil in household.keyed_pupils.items())
