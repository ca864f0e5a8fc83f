"""The lessons of a course that may be cancelled, as the office finds it by its key."""

import pytest

from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import NotThere
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.flows.teacher.cancel import office_cancellable
from tests.support.teaching import ENSEMBLE, OTHER, PINSON, SITE, VIOLIN, WEDNESDAY, settle_courses
from tests.support.world import World


@pytest.mark.parametrize("teacher", ["", teacher_key(PINSON), teacher_key(OTHER)], ids=["none", "own", "another's"])
def test_a_course_is_found_whoever_is_said_to_give_it(world: World, teacher: str) -> None:
    settle_courses(world, WEDNESDAY)
    site = world.services.settings.network.site(SITE)
    assert site

    cancellable = office_cancellable(world.services, site, course_key(ENSEMBLE), teacher, world.now)

    (course,) = cancellable.courses
    assert (course.teacher, course.course.discipline, len(cancellable.families)) == (PINSON, "Ensemble à cordes", 1)
    assert [lesson.day.isoformat() for lesson in cancellable.lessons][:2] == ["2026-11-06", "2026-11-13"]


def test_a_course_of_another_site_is_not_there(world: World) -> None:
    settle_courses(world)
    site = world.services.settings.network.site("evry-magnard")
    assert site

    with pytest.raises(NotThere):
        office_cancellable(world.services, site, course_key(VIOLIN), teacher_key(PINSON), world.now)
