"""The courses of families are read back unchanged, by family."""

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.teaching.courses import FamilyCourse, are_all
from tests.support.teaching import SITE, stores
from tests.support.world import ROSSIGNOL, World

COURSES = {FamilyCourse("xen1", "a" * 16, "b" * 16), FamilyCourse("xen1", course="c" * 16)}
TWIN = FamilyCourse("xen10", "a" * 16, "b" * 16)  # its identifier has the other's as prefix


def test_courses_are_stored_once_and_listed_by_family_and_by_site(world: World) -> None:
    courses = stores(world).courses
    courses.add(SITE, [*COURSES, TWIN])
    courses.add(SITE, COURSES)

    assert set(courses.of_family(ROSSIGNOL)) == COURSES
    assert courses.of_family(AccountRef(SITE, "xen10")) == (TWIN,)
    assert set(courses.of_site(SITE)) == {*COURSES, TWIN}
    assert not are_all(courses.of_family(ROSSIGNOL))

    courses.add(SITE, [FamilyCourse("xen1")])
    assert are_all(courses.of_family(ROSSIGNOL))
    world.database.write_all(courses.deletions(SITE, courses.of_family(ROSSIGNOL)))

    assert list(courses.of_site(SITE)) == [TWIN]
