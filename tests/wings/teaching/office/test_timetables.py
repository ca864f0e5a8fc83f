"""Timetables rebuilt from the families' files."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.teaching.domain.courses import FamilyCourse, course_key
from chalicelib.wings.teaching.domain.rolls import RollRef
from chalicelib.wings.teaching.office.timetables import forget, rebuild
from tests.support.aws import When
from tests.support.teaching import BASILE, CELLO, LORIOT, MESANGE, SITE, VIOLIN, ref_of, settle_courses, stores
from tests.support.world import World


def test_a_site_s_timetables_follow_its_families_files(world: World) -> None:
    settle_courses(world)

    rebuild(world.services, (SITE,), world.now)

    timetable_courses = [timetable.courses for timetable in stores(world).timetables.all(SITE)]
    assert [[len(course.pupils) for course in courses] for courses in timetable_courses] == [[1], [2, 1]]

    world.services.accounts.erase(world.account(LORIOT))
    rebuild(world.services, (SITE,), world.wait(timedelta(minutes=1)))

    assert [timetable.teacher for timetable in stores(world).timetables.all(SITE)] == ["Mme Pinson"]


@pytest.mark.parametrize("are_stored", [True, False])
def test_a_family_that_is_erased_leaves_every_timetable_at_once(world: World, *, are_stored: bool) -> None:
    settle_courses(world)

    forget(world.services, MESANGE, stores(world).courses.of_family(MESANGE) if are_stored else ())

    assert not any(timetable.mentions(MESANGE.identifier) for timetable in stores(world).timetables.all(SITE))
    assert [len(timetable.courses) for timetable in stores(world).timetables.all(SITE)] == [1, 2]


def test_courses_of_stored_rolls_and_of_former_timetables_are_stored_once_for_a_site(world: World) -> None:
    """The first time of a site with this version: a pupil's former courses are on rolls alone."""
    settle_courses(world)
    world.database.write_all(stores(world).courses.deletions(SITE, tuple(stores(world).courses.of_site(SITE))))
    first, second = (RollRef(SITE, f"{number:016x}", world.now.date()) for number in (1, 2))
    basile = ref_of(MESANGE, BASILE)
    stores(world).rolls.revise_at(first, lambda roll: roll.save({basile: "late"}, "M. Choucas", world.now))
    stores(world).absences.counted.note(second, [basile])
    household = replace(world.account(MESANGE).household, pupils=(replace(BASILE, courses=(CELLO,)),))
    world.services.accounts.change(world.account(MESANGE), replace(world.account(MESANGE), household=household))

    rebuild(world.services, (SITE,), world.wait(timedelta(minutes=1)))

    violin, cello = (FamilyCourse("xen2", teacher_key(one.teacher), course_key(one)) for one in (VIOLIN, CELLO))
    former = (FamilyCourse("xen2", course=ref.course) for ref in (first, second))
    assert set(stores(world).courses.of_family(MESANGE)) == {FamilyCourse("xen2"), violin, cello, *former}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_in_timetables_leaves_whole_ones_and_the_next_time_ends_it(world: World, when: When) -> None:
    settle_courses(world)
    world.services.accounts.erase(world.account(LORIOT))
    world.wait(timedelta(minutes=1))

    stored = set(stores(world).courses.of_site(SITE))
    world.database.write_all(stores(world).courses.deletions(SITE, stored - {FamilyCourse(LORIOT.identifier)}))

    for call in ("Query", "BatchWriteItem", "UpdateItem", "DeleteItem"):
        with world.aws.failing(call, when), pytest.raises(Unavailable):
            rebuild(world.services, (SITE,), world.now)
        assert sum(len(timetable.courses) for timetable in stores(world).timetables.all(SITE)) >= 2
    rebuild(world.services, (SITE,), world.now)

    assert [timetable.teacher for timetable in stores(world).timetables.all(SITE)] == ["Mme Pinson"]
    left = {course for course in stored if course.identifier != LORIOT.identifier}
    assert set(stores(world).courses.of_site(SITE)) == left
