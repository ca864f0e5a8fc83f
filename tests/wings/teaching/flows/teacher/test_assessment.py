"""Write an assessment: until the school year ends, and never over another teacher's text."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.wings.teaching.domain.assessments import shown_as
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.flows.teacher.assessment import (
    AssessmentInput,
    AssessmentMoved,
    AssessmentPage,
    find,
    save,
)
from chalicelib.wings.teaching.flows.teacher.entry import TeacherContext, enter
from tests.support import staff
from tests.support.assessments import PERIOD, PUBLISHED
from tests.support.staff import TEACHER, in_parallel
from tests.support.teaching import SITE, VIOLIN, WEDNESDAY, ZELIE, link, ref_of, settle_courses, stores
from tests.support.world import ROSSIGNOL, World

PUPIL = ref_of(ROSSIGNOL, ZELIE)


def entered(world: World, now: datetime) -> TeacherContext:
    token = new_token()
    member = staff.stores(world).members.find(TEACHER) or staff.member(world, TEACHER)
    world.database.write_together(staff.stores(world).sessions.put(StaffSession.open(token, member, "open", now)))
    return enter(replace(world.visit(token), now=now))


def page_of(world: World, now: datetime, period: str = PERIOD) -> tuple[TeacherContext, AssessmentPage]:
    teacher = entered(world, now)
    course = teacher.course(SITE, course_key(VIOLIN))
    return teacher, find(replace(world.visit(), now=now), teacher, course, course.pupil(PUPIL), period)


@pytest.fixture(autouse=True)
def courses(world: World) -> None:
    settle_courses(world, WEDNESDAY)
    link(world)


def write(world: World, now: datetime, words: str, version: str | None = None) -> AssessmentPage:
    teacher, page = page_of(world, now)
    assessment = AssessmentInput(words, shown_as(page.assessment) if version is None else version)
    save(world.services, teacher, page, assessment, now)
    return page


def test_it_is_written_late_and_corrected_until_the_school_year_is_over(world: World) -> None:
    write(world, PUBLISHED, "En retard.")
    page = write(world, datetime(2027, 8, 31, 21, 59, tzinfo=UTC), "Corrigé.")

    assert stores(world).assessments.find(SITE, PUPIL).texts[page.ref].text == "Corrigé."
    next_year = datetime(2027, 8, 31, 22, tzinfo=UTC)
    assert page_of(world, next_year)[1].ref.year == "2027"
    with pytest.raises(NotThere):
        page_of(world, next_year, "semestre-2")


def test_a_family_that_left_the_file_is_not_written_of(world: World) -> None:
    world.services.accounts.change(world.account(), replace(world.account(), gone_at=world.now))

    with pytest.raises(NotThere):
        page_of(world, world.now)


def test_of_five_who_write_at_once_one_wins_and_the_others_are_told(world: World) -> None:
    teacher, page = page_of(world, world.now)

    ends = in_parallel(
        5, lambda which: save(world.services, teacher, page, AssessmentInput(f"De {which}.", ""), world.now)
    )

    won = [end for end in ends if end is not AssessmentMoved]
    assert len(won) == 1
    assert stores(world).assessments.find(SITE, PUPIL).texts == won[0].texts  # type: ignore[union-attr]  # what stands
