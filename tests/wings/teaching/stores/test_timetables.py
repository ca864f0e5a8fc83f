"""Timetables: stored, found by teacher, and replaced by newer ones only."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.wings.teaching.domain.courses import FamilyCourse, Timetable, are_all
from chalicelib.wings.teaching.stores.timetables import FamilyLessons
from tests.support.assessments import write
from tests.support.teaching import BASILE, MESANGE, PINSON, SITE, ZELIE, ref_of, settle_courses, stores
from tests.support.world import ROSSIGNOL, World


def test_a_family_s_items_go_of_every_pupil_and_nobody_else_s(world: World) -> None:
    twins = [f"{ROSSIGNOL.identifier}{end}" for end in ("0", "")]  # the identifier of one is a prefix of the other's
    lessons = FamilyLessons(world.database, world.resources.table("Lessons"), world.resources.table("Teaching"))
    write(world)
    write(world, pupil=BASILE)
    write(world, ref=MESANGE, pupil=BASILE)
    here = ("0" * 16, world.now.date())
    stores(world).absences.revise_at(
        SITE, ref_of(ROSSIGNOL, ZELIE), lambda absences: absences.with_lesson(here, "Violon")
    )

    for name in (*twins, twins[-1]):
        world.database.write_all(lessons.deletions(SITE, name))

    assert "xen1" not in world.aws.everything(world.resources)
    assert len(list(stores(world).assessments.of_family(SITE, MESANGE.identifier))) == 1


COURSES = {FamilyCourse("xen1", "a" * 16, "b" * 16), FamilyCourse("xen1", course="c" * 16)}
TWIN = FamilyCourse("xen10", "a" * 16, "b" * 16)  # its identifier has the other's as prefix


def test_courses_are_stored_once_and_listed_by_family_and_by_site(world: World) -> None:
    courses = stores(world).courses
    courses.add(SITE, [*COURSES, TWIN])
    courses.add(SITE, COURSES)

    assert set(courses.of_family(ROSSIGNOL)) == COURSES
    assert courses.of_family(AccountRef(SITE, "xen10")) == (TWIN,)
    assert set(courses.of_site(SITE)) == {*COURSES, TWIN}
    assert not are_all(courses.of_family(ROSSIGNOL))

    courses.add(SITE, [FamilyCourse("xen1")])
    assert are_all(courses.of_family(ROSSIGNOL))
    world.database.write_all(courses.deletions(SITE, courses.of_family(ROSSIGNOL)))

    assert list(courses.of_site(SITE)) == [TWIN]


def timetable_of(world: World) -> Timetable:
    there = stores(world).timetables.find(SITE, teacher_key(PINSON))
    assert there is not None
    return there


def test_an_older_timetable_does_not_replace_a_newer_one(world: World) -> None:
    settle_courses(world)
    newer = timetable_of(world)

    stores(world).timetables.replace(replace(newer, courses=(), built_at=newer.built_at - timedelta(hours=1)))
    stores(world).timetables.remove(replace(newer, built_at=newer.built_at - timedelta(hours=1)))

    assert timetable_of(world) == newer
