"""The guardians of a teacher's pupil, where the network lets teachers call them."""

from dataclasses import replace

import pytest

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.teaching.courses import TaughtCourse, TaughtPupil, course_key
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.flows.teacher.telephones import find_family
from tests.support.teaching import (
    CELLO,
    PINSON,
    SITE,
    TELEPHONES,
    VIOLIN,
    ZELIE,
    ref_of,
    settle_courses,
    settle_pupil,
    teaching,
)
from tests.support.world import ROSSIGNOL, World

TAUGHT = TaughtPupil(ref_of(ROSSIGNOL, ZELIE), "Zélie Rossignol")


def test_a_family_is_found_only_where_teachers_may_call_and_the_pupil_takes_the_course(world: World) -> None:
    settle_courses(world)
    site = world.services.settings.network.site(SITE)
    assert site
    own = OwnCourse(site, PINSON, TaughtCourse(course_key(VIOLIN), "Violon", "", "", (TAUGHT,)))
    teaching(world, telephones=False)
    with pytest.raises(NotThere):
        find_family(world.services, own, TAUGHT)

    teaching(world, telephones=True)
    assert find_family(world.services, own, TAUGHT).household.guardians[0].telephone == TELEPHONES[0]

    settle_pupil(world, ROSSIGNOL, replace(ZELIE, courses=(CELLO,)))
    with pytest.raises(NotThere):
        find_family(world.services, own, TAUGHT)
