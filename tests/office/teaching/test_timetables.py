"""Timetables made anew from the families' files."""

from datetime import timedelta

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.office.teaching.timetables import Rebuilt, forget, rebuild
from tests.support.aws import When
from tests.support.teaching import LORIOT, MESANGE, SITE, settle_courses, stores
from tests.support.world import World


def test_a_site_s_timetables_follow_its_families_files(world: World) -> None:
    settle_courses(world)

    assert rebuild(world.services, (SITE,), world.now) == (Rebuilt(SITE, teachers=2, courses=3, pupils=4),)

    world.services.accounts.erase(world.account(LORIOT))
    rebuild(world.services, (SITE,), world.wait(timedelta(minutes=1)))

    assert [timetable.teacher for timetable in stores(world).timetables.all(SITE)] == ["Mme Pinson"]


def test_a_family_that_is_erased_leaves_every_timetable_at_once(world: World) -> None:
    settle_courses(world)

    forget(world.services, MESANGE)

    assert not any(timetable.mentions(MESANGE.identifier) for timetable in stores(world).timetables.all(SITE))
    assert [len(timetable.courses) for timetable in stores(world).timetables.all(SITE)] == [1, 2]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_while_timetables_are_made_leaves_whole_ones_and_the_next_time_ends_it(
    world: World, when: When
) -> None:
    settle_courses(world)
    world.services.accounts.erase(world.account(LORIOT))
    world.wait(timedelta(minutes=1))

    for call in ("Query", "UpdateItem", "DeleteItem"):
        with world.aws.failing(call, when), pytest.raises(Unavailable):
            rebuild(world.services, (SITE,), world.now)
        assert sum(len(timetable.courses) for timetable in stores(world).timetables.all(SITE)) >= 2
    rebuild(world.services, (SITE,), world.now)

    assert [timetable.teacher for timetable in stores(world).timetables.all(SITE)] == ["Mme Pinson"]
