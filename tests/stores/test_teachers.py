"""Teachers: links and lent courses, without overwriting concurrent changes."""

from datetime import date

from chalicelib.domain.teaching.teachers import Link
from tests.support.staff import TEACHER
from tests.support.teaching import ENSEMBLE, SITE, lend, link, stores
from tests.support.world import World


def test_what_was_linked_and_lent_comes_back(world: World) -> None:
    link(world)
    share = lend(world, ENSEMBLE, TEACHER, date(2026, 11, 2), date(2026, 11, 13))

    (teacher,) = stores(world).teachers.all()

    assert (teacher.email, teacher.links, teacher.shares) == (TEACHER, (Link(SITE, "Mme Pinson"),), (share,))
