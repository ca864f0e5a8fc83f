"""A name linked to a teacher: of two concurrent managers, the second reads the first's name, and no link is lost."""

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.links import link, names_at, unlink
from chalicelib.office.staff.members import StaffInput
from tests.support.refusals import sentence_of
from tests.support.staff import MANAGER, TEACHER, in_parallel, member
from tests.support.teaching import OTHER, PINSON, SITE, settle_courses, stores
from tests.support.world import World


def asked(seen: str | None = None) -> StaffInput:
    return StaffInput(TEACHER, Author("Odile Fauvette <fauvette@example.org>", "rentrée"), MANAGER, seen)


@pytest.fixture
def teacher(world: World) -> World:
    settle_courses(world)
    member(world, TEACHER)
    return world


def test_who_decided_on_links_that_have_changed_since_reads_who_came_first(teacher: World) -> None:
    link(teacher.services, asked(""), SITE, PINSON, teacher.now)

    with pytest.raises(OfficeRefusal, match="staff_moved_by") as refused:
        link(teacher.services, asked(""), SITE, OTHER, teacher.now)

    assert "nom du fichier annuel relié, le 1er septembre 2026" in sentence_of(refused.value)
    assert [own.name for own in stores(teacher).teachers.find(TEACHER).links] == [PINSON]
    assert not link(teacher.services, asked(""), SITE, PINSON, teacher.now).changed


def test_two_links_at_once_are_both_kept(teacher: World) -> None:
    names = (PINSON, OTHER)

    in_parallel(2, lambda which: link(teacher.services, asked(), SITE, names[which], teacher.now).changed)

    assert {own.name for own in stores(teacher).teachers.find(TEACHER).links} == set(names)


def test_a_name_that_left_the_file_is_taken_away_all_the_same(teacher: World) -> None:
    link(teacher.services, asked(), SITE, PINSON, teacher.now)
    for timetable in stores(teacher).timetables.all(SITE):
        stores(teacher).timetables.remove(timetable)

    assert names_at(teacher.services, (SITE,)) == {}
    assert unlink(teacher.services, asked(), SITE, PINSON, teacher.now).changed
    assert stores(teacher).teachers.find(TEACHER).links == ()
