"""One course of a teacher, with its lessons around today."""

from datetime import date

from chalicelib.domain.teaching.courses import course_key
from chalicelib.flows.teacher.courses import read_course
from chalicelib.flows.teacher.entry import enter_as_teacher as enter_flow
from tests.support import staff
from tests.support.staff import TEACHER
from tests.support.teaching import SITE, VIOLIN, WEDNESDAY, link, settle_courses
from tests.support.world import World


def test_the_last_two_lessons_and_the_next_four_are_those_that_take_place(world: World) -> None:
    world.now = WEDNESDAY
    settle_courses(world)
    link(world)
    teacher = enter_flow(world.services, staff.entered(world, TEACHER).token, world.now)
    own = teacher.course(SITE, course_key(VIOLIN))

    course_file = read_course(world.services, teacher, own, world.now)

    assert [lesson.day for lesson in course_file.last] == [date(2026, 10, 7), date(2026, 10, 14)]
    assert [lesson.day.day for lesson in course_file.next] == [4, 18, 25, 2]  # the 11th of November is a public holiday
    assert [listed.pupil.name for listed in course_file.listed.pupils] == ["Basile Mésange", "Zélie Rossignol"]
