"""See one's pupils: who is of age is told by the day in Paris."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.households import Household, Pupil
from chalicelib.flows.pupils import shown

JEANNE, PAUL = Pupil("Jeanne", date(2008, 9, 1)), Pupil("Paul")


@pytest.mark.parametrize(("hour", "adult"), [(21, False), (22, True)])
def test_a_pupil_is_of_age_when_the_birthday_begins_in_paris(hour: int, adult: bool) -> None:
    found = shown(Household(pupils=(JEANNE, PAUL)), datetime(2026, 8, 31, hour, 30, tzinfo=UTC))

    assert [(each.pupil, each.is_adult) for each in found] == [(JEANNE, adult), (PAUL, False)]
