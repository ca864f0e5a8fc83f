"""The pupils of a course, as a list has them."""

from datetime import date

from chalicelib.domain.teaching.courses import PupilRef, TaughtCourse, TaughtPupil
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.flows.teacher.own_pupils import ListedCourse, ListedPupil
from chalicelib.flows.teacher.returns import Returns
from tests.support.teaching import SITE
from tests.support.world import World

EVE = TaughtPupil(PupilRef("xen1", "00000000"), "Ève Rossignol", date(2016, 11, 5))
PAUL = TaughtPupil(PupilRef("xen2", "00000000"), "Paul Mésange")


def test_ages_are_whole_years_on_the_day_and_none_where_nobody_told(world: World) -> None:
    site = world.services.settings.network.site(SITE)
    assert site
    own = OwnCourse(site, "Mme Pinson", TaughtCourse("0", "Violon", "", "", (EVE, PAUL)))

    listed = ListedCourse.of(own, Returns({}), date(2026, 11, 4))

    assert listed.pupils == (ListedPupil(EVE, 9, None), ListedPupil(PAUL, None, None))
    assert ListedCourse.of(own, Returns({}), date(2026, 11, 5)).pupils[0].age == 10
