"""Enter as a teacher: today's own courses, and those lent to it."""

import pytest

from chalicelib.domain.refusals import NotLoggedIn, NotThere
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.flows.teacher.entry import TeacherContext, enter
from tests.support import staff
from tests.support.staff import SECRETARY, TEACHER
from tests.support.teaching import ENSEMBLE, SITE, WEDNESDAY, lend, link, settle_courses
from tests.support.world import World


@pytest.fixture
def token(world: World) -> object:
    settle_courses(world, WEDNESDAY)
    link(world)
    token = new_token()
    session = StaffSession.open(token, staff.member(world, TEACHER), "open", world.now)
    world.database.write_together(staff.stores(world).sessions.put(session))
    return token


def entered(world: World, token: object) -> TeacherContext:
    return enter(world.visit(token))  # type: ignore[arg-type]  # a token


def test_a_teacher_has_the_own_courses_in_the_order_of_the_week(world: World, token: object) -> None:
    courses = entered(world, token).courses

    assert [own.course.discipline for own in courses] == ["Violon", "Ensemble à cordes"]


def test_who_is_no_teacher_finds_nothing(world: World) -> None:
    context = staff.entered(world, SECRETARY)

    with pytest.raises(NotThere):
        enter(world.visit(context.token))
    with pytest.raises(NotLoggedIn):
        enter(world.visit())


def test_a_course_belongs_to_one_teacher_though_two_share_its_name(world: World, token: object) -> None:
    lend(world, ENSEMBLE, TEACHER, world.now.date(), world.now.date())

    assert entered(world, token).course(SITE, course_key(ENSEMBLE)).share is None
