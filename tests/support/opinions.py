"""Opinions on pupils' returns, in a test's world in March, and their form on a page."""

from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.opinions import Leaning, Opinion, OpinionRef, OpinionText
from chalicelib.domain.family.households import Course, Pupil
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.staff import TEACHER, enter
from tests.support.teaching import PINSON, VIOLIN, link, ref_of, settle_courses, stores
from tests.support.world import Visitor, World

SEASON: Final = "2027"
MARCH: Final = datetime(2027, 3, 3, 13, 0, tzinfo=UTC)  # the network takes opinions from November to July
GASPARD: Final = "Gaspard Roitelet <roitelet@example.org>"


def opinion_ref(account: AccountRef, pupil: Pupil, course: Course = VIOLIN, season: str = SEASON) -> OpinionRef:
    """Return the key of an opinion."""
    return OpinionRef(account.site, season, ref_of(account, pupil), course_key(course))


def say(
    world: World, ref: OpinionRef, leaning: Leaning = "reserved", words: str = "", course: Course = VIOLIN
) -> Opinion:
    """Store an opinion, replacing the former one."""
    opinions = stores(world).opinions
    before = opinions.find(ref)
    opinion = OpinionText(leaning, words)
    return opinions.change(before, before.give(opinion, (course.discipline, course.teacher), GASPARD, world.now))


def enter_in_march(world: World, visitor: Visitor, email: str = TEACHER) -> None:
    """Store the courses, and log their teacher in, during the opinion period."""
    world.now = MARCH
    settle_courses(world)
    link(world, PINSON, email)
    enter(world, visitor, email, role="teacher")
