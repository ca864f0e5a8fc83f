"""The days of a teacher's week."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.teaching.courses import PupilRef, TaughtCourse, TaughtPupil, course_key
from chalicelib.domain.teaching.school_years import default_year
from chalicelib.flows.teacher.courses import CoursePupil, Day, ListedCourse, Week, day_from, find_family, read_course
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.flows.teacher.entry import enter_as_teacher as enter_flow
from chalicelib.flows.teacher.pupil import Returns
from tests.support import staff
from tests.support.staff import TEACHER
from tests.support.teaching import (
    CELLO,
    PINSON,
    SITE,
    TELEPHONES,
    VIOLIN,
    ZELIE,
    link,
    ref_of,
    settle_courses,
    settle_pupil,
    teaching,
)
from tests.support.teaching import WEDNESDAY as LESSON_TIME
from tests.support.world import ROSSIGNOL, World

TAUGHT = TaughtPupil(ref_of(ROSSIGNOL, ZELIE), "Zélie Rossignol")


def test_a_family_is_found_only_where_teachers_may_call_and_the_pupil_takes_the_course(world: World) -> None:
    settle_courses(world)
    site = world.services.settings.network.site(SITE)
    assert site
    own = OwnCourse(site, PINSON, TaughtCourse(course_key(VIOLIN), "Violon", "", "", (TAUGHT,)))
    teaching(world, telephones=False)
    with pytest.raises(NotThere):
        find_family(world.services, own, TAUGHT)

    teaching(world, telephones=True)
    assert find_family(world.services, own, TAUGHT).household.guardians[0].telephone == TELEPHONES[0]

    settle_pupil(world, ROSSIGNOL, replace(ZELIE, courses=(CELLO,)))
    with pytest.raises(NotThere):
        find_family(world.services, own, TAUGHT)


EVE = TaughtPupil(PupilRef("xen1", "00000000"), "Ève Rossignol", date(2016, 11, 5))
PAUL = TaughtPupil(PupilRef("xen2", "00000000"), "Paul Mésange")


def test_ages_are_whole_years_on_the_day_and_none_where_nobody_told(world: World) -> None:
    site = world.services.settings.network.site(SITE)
    assert site
    own = OwnCourse(site, "Mme Pinson", TaughtCourse("0", "Violon", "", "", (EVE, PAUL)))

    listed = ListedCourse.of(own, Returns({}), date(2026, 11, 4))

    assert listed.pupils == (CoursePupil(EVE, 9, None), CoursePupil(PAUL, None, None))
    assert ListedCourse.of(own, Returns({}), date(2026, 11, 5)).pupils[0].age == 10


WEDNESDAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-18", date(2026, 11, 18)),
        ("", WEDNESDAY),
        ("hier", WEDNESDAY),
        ("2026-02-30", WEDNESDAY),
        ("0001-01-01", WEDNESDAY),
        ("9999-12-31", WEDNESDAY),
    ],
)
def test_a_day_that_is_none_or_far_away_is_today(typed: str, day: date) -> None:
    assert day_from(typed, WEDNESDAY) == day


def test_a_week_leads_to_those_around_it_and_knows_whether_it_is_of_the_year() -> None:
    monday, saturday = date(2026, 8, 24), date(2026, 8, 29)
    week = Week(monday, (Day(saturday, (), None, is_day_off=False),), (), default_year(date(2026, 9, 1)))

    assert (week.before, week.after) == (date(2026, 8, 17), date(2026, 8, 31))
    assert week.is_outside


def test_the_last_two_lessons_and_the_next_four_are_those_that_take_place(world: World) -> None:
    world.now = LESSON_TIME
    settle_courses(world)
    link(world)
    teacher = enter_flow(world.services, staff.entered(world, TEACHER).token, world.now)
    own = teacher.course(SITE, course_key(VIOLIN))

    course_file = read_course(world.services, teacher, own, world.now)

    assert [lesson.day for lesson in course_file.last] == [date(2026, 10, 7), date(2026, 10, 14)]
    assert [lesson.day.day for lesson in course_file.next] == [4, 18, 25, 2]  # the 11th of November is a public holiday
    assert [listed.pupil.name for listed in course_file.listed.pupils] == ["Basile Mésange", "Zélie Rossignol"]
