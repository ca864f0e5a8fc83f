"""A course lent: of two concurrent loans, one is written, and a fault leaves it to be repeated."""

from datetime import date
from functools import partial

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.office.courses import CourseDetails, course_details
from chalicelib.wings.teaching.office.loans import LoanInput, lend, take_back
from tests.support.aws import When
from tests.support.staff import at_once, member
from tests.support.teaching import SITE, VIOLIN, WEDNESDAY, settle_courses, stores
from tests.support.world import World

EMAILS = ("gobemouche@example.org", "autre.gobemouche@example.org")
DAYS = (date(2026, 11, 4), date(2026, 11, 11))


@pytest.fixture(autouse=True)
def _course(world: World) -> None:
    settle_courses(world, WEDNESDAY)
    for email in EMAILS:
        member(world, email, "teacher")


def details(world: World) -> CourseDetails:
    site = world.services.settings.network.site(SITE)
    assert site
    return course_details(world.services, site, course_key(VIOLIN), world.now)


def asked(details: CourseDetails, email: str) -> LoanInput:
    return LoanInput(email, Author("Basile Troglodyte <troglodyte@example.org>", "congé"), details.version)


def test_of_two_at_once_one_lends_the_course(world: World) -> None:
    course = details(world)

    outcomes = at_once(
        *(partial(lend, world.services, course, asked(course, email), DAYS, world.now) for email in EMAILS)
    )

    assert sorted(outcomes) == ["done", "loan_moved"]
    assert len(details(world).loans) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_fault_it_is_lent_by_the_next_try(world: World, when: When) -> None:
    course = details(world)
    for call in ("UpdateItem", "BatchWriteItem"):
        with world.aws.failing(call, when), pytest.raises(Unavailable):
            lend(world.services, details(world), asked(details(world), EMAILS[0]), DAYS, world.now)
        course = details(world)

    lend(world.services, course, asked(course, EMAILS[0]), DAYS, world.now)

    course = details(world)
    assert [loan.member.email for loan in course.loans] == [EMAILS[0]]
    assert take_back(world.services, course, asked(course, EMAILS[0]), world.now)
    assert not take_back(world.services, details(world), asked(details(world), EMAILS[0]), world.now)
    assert stores(world).teachers.find(EMAILS[0]).shares == ()
