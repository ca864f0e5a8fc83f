"""One pupil of a teacher, as in their family's file, and the re-enrolment states of some, in one round trip."""

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import NotThere
from chalicelib.wings.teaching.domain.course_returns import CourseReturn
from chalicelib.wings.teaching.domain.courses import TaughtCourse, TaughtPupil, course_key
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse
from chalicelib.wings.teaching.flows.teacher.pupil import Returns, courses_on_file, read_own_pupil, return_lookups
from tests.support.enrolled_families import keep, new_enrolment, open_period, send_pupils
from tests.support.teaching import (
    BASILE,
    CELLO,
    ENSEMBLE,
    MESANGE,
    PINSON,
    SITE,
    VIOLIN,
    ZELIE,
    ref_of,
    settle_courses,
    settle_pupil,
)
from tests.support.world import ROSSIGNOL, World

TAUGHT = TaughtPupil(ref_of(ROSSIGNOL, ZELIE), "Zélie Rossignol")


PUPILS = (
    TaughtPupil(ref_of(ROSSIGNOL, ZELIE), "Zélie Rossignol"),
    TaughtPupil(ref_of(MESANGE, BASILE), "Basile Mésange"),
)


def own(world: World, key: str = course_key(VIOLIN), pupils: tuple[TaughtPupil, ...] = PUPILS) -> OwnCourse:
    site = world.services.settings.network.site(SITE)
    assert site
    return OwnCourse(site, PINSON, TaughtCourse(key, "Violon", "", "", pupils))


def test_a_pupil_is_read_with_its_file_and_what_a_page_asks_besides(world: World) -> None:
    settle_courses(world)
    more = world.services.accounts.lookup(MESANGE)

    own_pupil, (account,) = read_own_pupil(world.services, own(world, course_key(VIOLIN)), TAUGHT, world.now, [more])

    assert (own_pupil.pupil, own_pupil.level) == (ZELIE, VIOLIN.level)
    assert own_pupil.courses.keys() == {course_key(VIOLIN), course_key(ENSEMBLE)}
    assert account.ref == MESANGE


def test_who_takes_the_course_no_more_is_not_there(world: World) -> None:
    settle_courses(world)
    with pytest.raises(NotThere):
        read_own_pupil(world.services, own(world, course_key(CELLO)), TAUGHT, world.now)

    former = settle_pupil(world, ROSSIGNOL, ZELIE, gone_at=world.now)
    login = settle_pupil(world, ROSSIGNOL, ZELIE, role="guardian")
    nobody = TaughtPupil(PupilRef("xen1", "00000000"), "Personne")
    family: Account = settle_pupil(world, ROSSIGNOL, ZELIE)
    for account, pupil in ((None, TAUGHT), (former, TAUGHT), (login, TAUGHT), (family, nobody)):
        with pytest.raises(NotThere):
            courses_on_file(account, own(world, course_key(VIOLIN)), pupil)


def test_the_families_of_a_course_are_read_together(world: World) -> None:
    settle_courses(world)
    open_period(world)
    keeps = PupilAnswers(stays=True, wishes=(CourseWish("Violon", "keep"),), image_rights=False)
    draft = new_enrolment(ROSSIGNOL, [(PUPILS[0].ref.key, "Zélie Rossignol", keeps)])
    keep(world, send_pupils(draft, "R27-K4TN-8WCB"))
    world.services.periods.recent(world.now)
    world.aws.calls.clear()

    twice = [(own(world), pupil) for pupil in (*PUPILS, *PUPILS)]
    returns = Returns.read(world.database.read_together(*return_lookups(world.services, twice, world.now)))

    assert world.aws.calls == ["BatchGetItem"]
    assert [returns.of(own(world), pupil) for pupil in PUPILS] == [CourseReturn("continues"), CourseReturn("none")]


def test_nothing_is_read_or_said_while_no_period_tells_of_these_courses(world: World) -> None:
    settle_courses(world)
    world.services.periods.recent(world.now)
    world.aws.calls.clear()

    assert return_lookups(world.services, [(own(world), PUPILS[0])], world.now) == ()
    assert world.aws.calls == []
    assert Returns.read(()).of(own(world), PUPILS[0]) is None
