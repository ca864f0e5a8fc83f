"""A teacher's calendar follows their links and sites, as they are when it is read."""

from datetime import date, datetime

import pytest

from chalicelib.domain.refusals import NotThere
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.flows.teacher.calendar import calendar_link, lessons_behind
from tests.support import staff
from tests.support.staff import TEACHER
from tests.support.teaching import PINSON, SITE, VIOLIN, WEDNESDAY, lend, link, settle_courses, stores
from tests.support.world import World


def made(world: World) -> str:
    """Store a teacher of two courses with a calendar, and return its link."""
    settle_courses(world, WEDNESDAY)
    staff.member(world, TEACHER)
    link(world)
    _, teacher = stores(world).teachers.revise_at(TEACHER, lambda teacher: teacher.with_calendar("nonce"))
    return calendar_link(world.services, teacher)


def disciplines(world: World, seal: str) -> set[str]:
    return {lesson.course.discipline for lesson in lessons_behind(world.services, seal, world.now)}


def test_a_course_that_is_its_own_is_never_shown_as_lent(world: World) -> None:
    token = made(world)
    lend(world, VIOLIN, TEACHER, date(2026, 11, 1), date(2026, 11, 30))

    lessons = [one for one in lessons_behind(world.services, token, world.now) if one.course.key == course_key(VIOLIN)]

    assert {one.course.is_lent for one in lessons} == {False}
    assert lessons[-1].day == date(2027, 6, 30)


def test_its_lessons_stay_when_the_year_is_over_and_the_next_one_is_not_configured(world: World) -> None:
    token = made(world)
    lessons = lessons_behind(world.services, token, world.now)

    for day in ("2027-07-03", "2027-07-04", "2027-08-31"):
        world.now = datetime.fromisoformat(f"{day}T12:00+02:00")
        assert lessons_behind(world.services, token, world.now) == lessons, day


def test_what_is_linked_no_more_and_a_site_that_is_taken_away_are_no_longer_shown(world: World) -> None:
    token = made(world)
    assert disciplines(world, token) == {"Violon", "Ensemble à cordes"}

    member = staff.read_member(world, TEACHER)
    staff.stores(world).members.change(member, member.with_role("teacher", ("evry-magnard",)))
    assert disciplines(world, token) == set()

    own_link = stores(world).teachers.find(TEACHER).links[0]
    assert (own_link.site, own_link.name) == (SITE, PINSON)
    stores(world).teachers.revise_at(TEACHER, lambda teacher: teacher.without_link(own_link))
    assert disciplines(world, token) == set()


def test_who_is_no_member_has_no_address(world: World) -> None:
    world.now = WEDNESDAY
    _, teacher = stores(world).teachers.revise_at(TEACHER, lambda teacher: teacher.with_calendar("nonce"))

    with pytest.raises(NotThere):
        lessons_behind(world.services, calendar_link(world.services, teacher), world.now)
