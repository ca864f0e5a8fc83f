"""Give an opinion: within its days, on a pupil of the course, and never over a colleague's."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.enrolment.opinions import OpinionMoved, OpinionsClosed, OpinionText
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.wings.teaching.domain.course_returns import CourseOpinions
from chalicelib.wings.teaching.domain.courses import TaughtCourse, TaughtPupil, course_key
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse
from chalicelib.wings.teaching.flows.teacher.opinion import GivenOpinion, give_opinion
from tests.support.aws import When, faults_of
from tests.support.opinions import GASPARD, MARCH, opinion_ref
from tests.support.staff import in_parallel
from tests.support.teaching import (
    BASILE,
    ENSEMBLE,
    MESANGE,
    PINSON,
    SITE,
    VIOLIN,
    ZELIE,
    ref_of,
    settle_courses,
    settle_pupil,
    stores,
    teaching,
)
from tests.support.world import ROSSIGNOL, World

REF = opinion_ref(ROSSIGNOL, ZELIE)
PUPILS = (TaughtPupil(ref_of(MESANGE, BASILE), "Basile Mésange"), TaughtPupil(REF.pupil, "Zélie Rossignol"))


@pytest.fixture(autouse=True)
def courses(world: World) -> None:
    world.now = MARCH
    settle_courses(world)


def give(world: World, leaning: Any = "reserved", words: str = "", by: str = GASPARD) -> CourseOpinions:
    site = world.services.settings.network.site(SITE)
    assert site
    course = OwnCourse(site, PINSON, TaughtCourse(course_key(VIOLIN), "Violon", "", "", PUPILS))
    opinion = OpinionText(leaning, words)
    return give_opinion(world.services, GivenOpinion(course, PUPILS[1], opinion, by, ""), world.now)


def stored(world: World) -> OpinionText:
    return stores(world).opinions.find(REF).said


def test_an_opinion_is_stored_with_who_and_when_by_one_write(world: World) -> None:
    world.aws.calls.clear()
    opinions = give(world, "unfavourable", "Ne travaille pas.")

    assert world.aws.calls.count("UpdateItem") == 1
    opinion = stores(world).opinions.find(REF)
    assert opinion.said == OpinionText("unfavourable", "Ne travaille pas.")
    assert (opinion.by, opinion.at, opinion.discipline, opinion.teacher) == (GASPARD, MARCH, "Violon", PINSON)
    assert opinions.next_after(REF.pupil) == PUPILS[0]


@pytest.mark.parametrize("day", [datetime(2026, 10, 31, 22, 59, tzinfo=UTC), datetime(2027, 7, 31, 22, 0, tzinfo=UTC)])
def test_outside_its_days_in_paris_nothing_is_stored(world: World, day: datetime) -> None:
    world.now = day

    with pytest.raises(OpinionsClosed):
        give(world)
    assert stored(world) == OpinionText()

    teaching(world, opinions_from="08-01", opinions_until="10-31")
    give(world)


def test_of_who_takes_the_course_no_more_nothing_is_said(world: World) -> None:
    settle_pupil(world, ROSSIGNOL, replace(ZELIE, courses=(ENSEMBLE,)))

    with pytest.raises(NotThere):
        give(world)
    assert stored(world) == OpinionText()


def test_sent_twice_it_is_there_once(world: World) -> None:
    give(world, "reserved", "À suivre.")
    first = stores(world).opinions.find(REF)

    give(world, "reserved", "À suivre.")

    assert stores(world).opinions.find(REF) == first


def test_of_two_at_once_one_is_stored_and_the_other_is_told(world: World) -> None:
    leanings = ("favourable", "unfavourable")

    ends = in_parallel(2, lambda number: give(world, leanings[number]))

    assert sorted(end is OpinionMoved for end in ends) == [False, True]
    assert stored(world).leaning == leanings[ends.index(OpinionMoved) - 1]


@faults_of("BatchGetItem", "UpdateItem")
def test_after_any_fault_the_same_form_may_be_sent_again(world: World, call: str, when: When) -> None:
    world.services.periods.recent(world.now)
    with world.aws.failing(call, when, times=1), suppress(Unavailable):
        give(world)

    give(world)

    assert stored(world).leaning == "reserved"
