"""Read the published assessments of one's own pupils, from their day on."""

import pytest

from chalicelib.domain.family.households import pupil_key
from chalicelib.domain.refusals import NotLoggedIn, NotThere
from chalicelib.flows.family.pupils import enter_assessments
from tests.support.assessments import BEFORE, PUBLISHED, WORDS, write
from tests.support.households import open_session
from tests.support.teaching import BASILE, ZELIE, settle_pupil
from tests.support.world import ROSSIGNOL, World


def test_a_family_reads_of_its_own_pupil_what_is_published(world: World) -> None:
    world.now = BEFORE
    token = open_session(world, settle_pupil(world, ROSSIGNOL, ZELIE))
    write(world)

    _, early = enter_assessments(world.visit(), token, pupil_key(ZELIE))
    world.now = PUBLISHED
    _, view = enter_assessments(world.visit(), token, pupil_key(ZELIE))

    assert early.periods == ()
    assert [(period.year, [one.text for one in period.assessments]) for period in view.periods] == [("2026", [WORDS])]


def test_anybody_else_s_pupil_is_not_there_and_without_a_session_nobody_is(world: World) -> None:
    token = open_session(world, settle_pupil(world, ROSSIGNOL, ZELIE))

    with pytest.raises(NotThere):
        enter_assessments(world.visit(), token, pupil_key(BASILE))
    with pytest.raises(NotLoggedIn):
        enter_assessments(world.visit(), None, pupil_key(ZELIE))
