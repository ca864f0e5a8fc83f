"""One pupil of a teacher, as in its family's file."""

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.teaching.courses import PupilRef, TaughtCourse, TaughtPupil, course_key
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.flows.teacher.pupil import courses_on_file, read_own_pupil
from tests.support.teaching import (
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


def own(world: World, key: str) -> OwnCourse:
    site = world.services.settings.network.site(SITE)
    assert site
    return OwnCourse(site, PINSON, TaughtCourse(key, "Violon", "", "", (TAUGHT,)))


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

    gone = settle_pupil(world, ROSSIGNOL, ZELIE, gone_at=world.now)
    login = settle_pupil(world, ROSSIGNOL, ZELIE, role="guardian")
    nobody = TaughtPupil(PupilRef("xen1", "00000000"), "Personne")
    family: Account = settle_pupil(world, ROSSIGNOL, ZELIE)
    for account, taught in ((None, TAUGHT), (gone, TAUGHT), (login, TAUGHT), (family, nobody)):
        with pytest.raises(NotThere):
            courses_on_file(account, own(world, course_key(VIOLIN)), taught)
