"""The courses of a site for the office: their teachers in any spelling, and their next lessons."""

from datetime import date

import pytest

from chalicelib.domain.refusals import NotThere
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.office.courses import LESSONS_SHOWN, course_details, site_courses
from tests.support.staff import TEACHER, member
from tests.support.teaching import SITE, VIOLIN, WEDNESDAY, lend, link, settle_courses
from tests.support.world import World


def test_a_course_has_its_teacher_its_loans_from_today_on_and_its_next_lessons(world: World) -> None:
    settle_courses(world, WEDNESDAY)
    member(world, TEACHER)
    member(world, "gobemouche@example.org", "teacher")
    link(world, "MME PINSON")
    lend(world, VIOLIN, "gobemouche@example.org", date(2026, 11, 18), date(2026, 11, 25))
    site = world.services.settings.network.site(SITE)
    assert site

    details = course_details(world.services, site, course_key(VIOLIN), world.now)

    assert [one.email for one in details.name.members] == [TEACHER]
    assert [one.email for one in details.substitutes] == ["gobemouche@example.org"]
    assert [loan.share.first_on for loan in details.loans] == [date(2026, 11, 18)]
    assert details.lessons[:2] == (date(2026, 11, 4), date(2026, 11, 18))  # the 11th is a holiday
    assert len(details.lessons) == LESSONS_SHOWN
    with pytest.raises(NotThere):
        course_details(world.services, site, "0" * 16, world.now)
    (courses,) = site_courses(world.services, (site,))
    assert courses.built_at == world.now
