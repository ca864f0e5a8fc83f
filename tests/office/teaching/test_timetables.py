"""Timetables made anew from the families' files."""

from datetime import timedelta

from chalicelib.office.teaching.timetables import Rebuilt, rebuild
from tests.support.teaching import LORIOT, SITE, settle_courses, stores
from tests.support.world import World


def test_a_site_s_timetables_follow_its_families_files(world: World) -> None:
    settle_courses(world)

    assert rebuild(world.services, (SITE,), world.now) == (Rebuilt(SITE, teachers=2, courses=3, pupils=4),)

    world.services.accounts.erase(world.account(LORIOT))
    rebuild(world.services, (SITE,), world.wait(timedelta(minutes=1)))

    assert [timetable.teacher for timetable in stores(world).timetables.all(SITE)] == ["Mme Pinson"]
