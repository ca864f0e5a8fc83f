"""The re-enrolment states of some pupils, in one round trip."""

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.teaching.course_returns import CourseReturn
from chalicelib.domain.teaching.courses import TaughtCourse, TaughtPupil, course_key
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.flows.teacher.returns import Returns, return_lookups
from tests.support.enrolled_families import keep, new_enrolment, open_period, send_pupils
from tests.support.teaching import BASILE, MESANGE, PINSON, SITE, VIOLIN, ZELIE, ref_of, settle_courses
from tests.support.world import ROSSIGNOL, World

PUPILS = (
    TaughtPupil(ref_of(ROSSIGNOL, ZELIE), "Zélie Rossignol"),
    TaughtPupil(ref_of(MESANGE, BASILE), "Basile Mésange"),
)


def own(world: World) -> OwnCourse:
    site = world.services.settings.network.site(SITE)
    assert site
    return OwnCourse(site, PINSON, TaughtCourse(course_key(VIOLIN), "Violon", "", "", PUPILS))


def test_the_families_of_a_course_are_read_together(world: World) -> None:
    settle_courses(world)
    open_period(world)
    keeps = PupilAnswers(stays=True, wishes=(CourseWish("Violon", "keep"),), image_rights=False)
    begun = new_enrolment(ROSSIGNOL, [(PUPILS[0].ref.key, "Zélie Rossignol", keeps)])
    keep(world, send_pupils(begun, "R27-K4TN-8WCB"))
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
