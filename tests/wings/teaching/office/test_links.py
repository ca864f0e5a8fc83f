"""Names of the yearly file linked to a teacher: concurrent acts, and names that have left the file."""

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.members import StaffInput
from chalicelib.wings.teaching.office.links import link, names_at, unlink
from tests.support.refusals import sentence_of
from tests.support.staff import MANAGER, TEACHER, in_parallel, member
from tests.support.teaching import OTHER, PINSON, SITE, settle_courses
from tests.support.teaching import stores as teaching
from tests.support.world import World


def linking(version: str | None = None) -> StaffInput:
    return StaffInput(TEACHER, Author("Odile Fauvette <fauvette@example.org>", "rentrée"), MANAGER, version)


@pytest.fixture
def teacher(world: World) -> World:
    settle_courses(world)
    member(world, TEACHER)
    return world


def test_who_decided_on_links_that_have_changed_since_reads_who_came_first(teacher: World) -> None:
    link(teacher.services, linking(""), SITE, PINSON, teacher.now)

    with pytest.raises(OfficeRefusal, match="staff_moved_by") as refusal:
        link(teacher.services, linking(""), SITE, OTHER, teacher.now)

    assert "nom du fichier annuel relié, le 1er septembre 2026" in sentence_of(refusal.value)
    assert [own.name for own in teaching(teacher).teachers.find(TEACHER).links] == [PINSON]
    assert not link(teacher.services, linking(""), SITE, PINSON, teacher.now).is_changed


def test_two_links_at_once_are_both_kept(teacher: World) -> None:
    names = (PINSON, OTHER)

    in_parallel(2, lambda which: link(teacher.services, linking(), SITE, names[which], teacher.now).is_changed)

    assert {own.name for own in teaching(teacher).teachers.find(TEACHER).links} == set(names)


def test_a_name_that_left_the_file_is_taken_away_all_the_same(teacher: World) -> None:
    link(teacher.services, linking(), SITE, PINSON, teacher.now)
    for timetable in teaching(teacher).timetables.all(SITE):
        teaching(teacher).timetables.remove(timetable)

    assert names_at(teacher.services, (SITE,)) == {}
    assert unlink(teacher.services, linking(), SITE, PINSON, teacher.now).is_changed
    assert teaching(teacher).teachers.find(TEACHER).links == ()
