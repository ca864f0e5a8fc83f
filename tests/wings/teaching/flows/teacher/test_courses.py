"""A teacher's courses: their lessons' states, around today and in a week, their pupils, a family's telephones."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import NotThere
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence
from chalicelib.wings.teaching.domain.courses import TaughtCourse, TaughtPupil, course_key
from chalicelib.wings.teaching.domain.rolls import RollRef
from chalicelib.wings.teaching.domain.teachers import Share
from chalicelib.wings.teaching.flows.teacher.courses import (
    CoursePupil,
    Day,
    ListedCourse,
    Week,
    day_from,
    find_family,
    read_course,
    read_lessons,
    read_week,
)
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse
from chalicelib.wings.teaching.flows.teacher.entry import enter as enter_flow
from chalicelib.wings.teaching.flows.teacher.pupil import Returns
from tests.support import staff
from tests.support.staff import TEACHER
from tests.support.teaching import (
    BASILE,
    CELLO,
    MESANGE,
    PINSON,
    SITE,
    TELEPHONES,
    VIOLIN,
    WEDNESDAY,
    ZELIE,
    link,
    ref_of,
    settle_courses,
    settle_pupil,
    stores,
    teaching,
)
from tests.support.world import ROSSIGNOL, World

TODAY = date(2026, 11, 4)
WEEK = timedelta(days=7)
KEY = course_key(VIOLIN)
PUPILS = (TaughtPupil(ref_of(ROSSIGNOL, ZELIE), "Zélie"), TaughtPupil(ref_of(MESANGE, BASILE), "Basile"))
TAUGHT = TaughtPupil(ref_of(ROSSIGNOL, ZELIE), "Zélie Rossignol")


def test_a_family_is_found_only_where_teachers_may_call_and_the_pupil_takes_the_course(world: World) -> None:
    settle_courses(world)
    site = world.services.settings.network.site(SITE)
    assert site
    course = OwnCourse(site, PINSON, TaughtCourse(course_key(VIOLIN), "Violon", "", "", (TAUGHT,)))
    teaching(world, telephones=False)
    with pytest.raises(NotThere):
        find_family(world.services, course, TAUGHT)

    teaching(world, telephones=True)
    assert find_family(world.services, course, TAUGHT).household.guardians[0].telephone == TELEPHONES[0]

    settle_pupil(world, ROSSIGNOL, replace(ZELIE, courses=(CELLO,)))
    with pytest.raises(NotThere):
        find_family(world.services, course, TAUGHT)


EVE = TaughtPupil(PupilRef("xen1", "00000000"), "Ève Rossignol", date(2016, 11, 5))
PAUL = TaughtPupil(PupilRef("xen2", "00000000"), "Paul Mésange")


def test_ages_are_whole_years_on_the_day_and_none_where_nobody_told(world: World) -> None:
    site = world.services.settings.network.site(SITE)
    assert site
    course = OwnCourse(site, "Mme Pinson", TaughtCourse("0", "Violon", "", "", (EVE, PAUL)))

    item = ListedCourse.of(course, Returns({}), date(2026, 11, 4))

    assert item.pupils == (CoursePupil(EVE, 9, None), CoursePupil(PAUL, None, None))
    assert ListedCourse.of(course, Returns({}), date(2026, 11, 5)).pupils[0].age == 10


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-18", date(2026, 11, 18)),
        ("", TODAY),
        ("hier", TODAY),
        ("2026-02-30", TODAY),
        ("0001-01-01", TODAY),
        ("9999-12-31", TODAY),
    ],
)
def test_a_day_that_is_none_or_far_away_is_today(text: str, day: date) -> None:
    assert day_from(text, TODAY) == day


def test_a_week_leads_to_those_around_it() -> None:
    monday, saturday = date(2026, 8, 24), date(2026, 8, 29)
    week = Week(monday, (Day(saturday, (), None, is_day_off=False),), (), is_outside=True)

    assert (week.before, week.after) == (date(2026, 8, 17), date(2026, 8, 31))


@pytest.mark.parametrize("opened_on", ["2027-08-29", "2027-09-03"])
def test_the_first_lessons_of_a_year_that_is_not_configured_are_in_their_week(world: World, opened_on: str) -> None:
    world.now = datetime.fromisoformat(f"{opened_on}T12:00+02:00")  # the week of Monday 30 August, before and in it
    settle_courses(world)
    link(world)
    teacher = enter_flow(world.visit(staff.entered(world, TEACHER).token))

    week = read_week(world.services, teacher, date(2027, 9, 3), world.now)

    assert [(lesson.course.course.discipline, lesson.day) for day in week.days for lesson in day.lessons] == [
        ("Violon", date(2027, 9, 1)),
        ("Ensemble à cordes", date(2027, 9, 3)),
    ]
    assert not week.is_outside
    assert read_week(world.services, teacher, date(2027, 8, 25), world.now).is_outside


def test_the_last_two_lessons_and_the_next_four_are_those_that_take_place(world: World) -> None:
    settle_courses(world, WEDNESDAY)
    link(world)
    teacher = enter_flow(world.visit(staff.entered(world, TEACHER).token))
    course = teacher.course(SITE, course_key(VIOLIN))

    course_file = read_course(world.services, teacher, course, world.now)

    assert [lesson.day for lesson in course_file.last] == [date(2026, 10, 7), date(2026, 10, 14)]
    assert [lesson.day.day for lesson in course_file.next] == [4, 18, 25, 2]  # the 11th of November is a public holiday
    assert [listed.pupil.name for listed in course_file.course.pupils] == ["Basile Mésange", "Zélie Rossignol"]


@pytest.fixture(autouse=True)
def _wednesday(world: World) -> None:
    world.now = WEDNESDAY


def own(world: World, pupils: tuple[TaughtPupil, ...] = PUPILS, share: Share | None = None) -> OwnCourse:
    site = world.services.settings.network.site(SITE)
    assert site
    return OwnCourse(site, PINSON, TaughtCourse(KEY, "Violon", VIOLIN.slot, "", pupils), share)


def states(world: World, *days: date) -> list[str]:
    lessons, _ = read_lessons(world.services, [(own(world), day) for day in days], world.now)
    return [lesson.state for lesson in lessons]


def take(world: World, day: date) -> None:
    stores(world).rolls.revise_at(RollRef(SITE, KEY, day), lambda roll: roll.save({}, "Gaspard Roitelet", world.now))


def test_a_roll_is_to_come_to_take_correctable_taken_missed_or_closed(world: World) -> None:
    take(world, TODAY - WEEK)
    days = (TODAY - 2 * WEEK, TODAY - WEEK, TODAY, TODAY + WEEK)
    assert states(world, *days) == ["closed", "correctable", "to_take", "to_come"]

    take(world, TODAY)
    assert states(world, *days) == ["closed", "correctable", "correctable", "to_come"]

    world.wait(timedelta(days=1))
    assert states(world, *days) == ["closed", "taken", "taken", "to_come"]
    assert states(world, TODAY - timedelta(days=1)) == ["missed"]


def test_announced_absences_are_counted_of_lessons_to_come_in_the_same_round_trip(world: World) -> None:
    absence = AnnouncedAbsence(world.now, "Mme Rossignol")
    stores(world).announcements.revise_at(
        SITE, PUPILS[0].ref, lambda known: known.with_announced((KEY, TODAY), absence)
    )
    meetings = [(own(world), day) for day in (TODAY - WEEK, TODAY, TODAY + WEEK)]
    world.aws.calls.clear()

    lessons, _ = read_lessons(world.services, meetings, world.now)

    assert world.aws.calls == ["BatchGetItem"]
    assert [lesson.absences for lesson in lessons] == [None, 1, 0]


def test_a_choir_of_a_hundred_keeps_the_page_at_one_round_trip(world: World) -> None:
    choir = tuple(TaughtPupil(PupilRef(f"xen{number}", "00000000"), "Élève") for number in range(100))
    meetings = [(own(world, choir), TODAY), (own(world), TODAY + WEEK)]
    world.aws.calls.clear()

    lessons, _ = read_lessons(world.services, meetings, world.now)

    assert world.aws.calls == ["BatchGetItem"]
    assert [lesson.absences for lesson in lessons] == [None, 0]
