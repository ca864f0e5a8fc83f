"""List one's pupils: those of age, by the day in Paris, and the re-enrolment state of each."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.flows.family.pupils import PupilView, pupil_views
from chalicelib.flows.family.reenrolment import enter
from tests.support.enrolment import HOUSEHOLD, IN_JUNE, REF, ZELIE_KEY, open_season
from tests.support.households import open_session
from tests.support.world import World

JEANNE, PAUL = Pupil("Jeanne", date(2008, 9, 1)), Pupil("Paul")


def see(world: World) -> tuple[PupilView, ...]:
    return pupil_views(enter(world.visit(open_session(world, world.account()))))


@pytest.mark.parametrize(("hour", "adult"), [(21, False), (22, True)])
def test_a_pupil_is_of_age_when_the_birthday_begins_in_paris(world: World, hour: int, adult: bool) -> None:
    world.now = datetime(2026, 8, 31, hour, 30, tzinfo=UTC)
    world.settle(household=Household(pupils=(JEANNE, PAUL)))

    assert [(each.pupil, each.is_adult) for each in see(world)] == [(JEANNE, adult), (PAUL, False)]


def test_each_pupil_has_its_own_file_of_the_season(world: World) -> None:
    open_season(world)
    zelie = PupilFile(ZELIE_KEY, "Zélie Rossignol", PupilAnswers(stays=True), SavedBy("Mme Rossignol", IN_JUNE))
    world.services.enrolments.revise(
        world.services.enrolments.find(REF), lambda found: found.with_pupil(zelie, IN_JUNE)
    )

    files = [each.file for each in see(world)]

    assert files[0] == zelie
    assert [each.state for each in files] == ["draft", "none", "none"]
    assert [each.name for each in files] == [each.name for each in HOUSEHOLD.pupils]
