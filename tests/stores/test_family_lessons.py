"""A family's own items are all deleted, and no other family's."""

from chalicelib.stores.family_lessons import FamilyLessons
from tests.support.assessments import write
from tests.support.teaching import BASILE, MESANGE, SITE, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World


def test_a_family_s_items_go_of_every_pupil_and_nobody_else_s(world: World) -> None:
    twins = [f"{ROSSIGNOL.identifier}{end}" for end in ("0", "")]  # the identifier of one is a prefix of the other's
    lessons = FamilyLessons(world.database, world.resources.lessons_table, world.resources.teaching_table)
    write(world)
    write(world, pupil=BASILE)
    write(world, ref=MESANGE, pupil=BASILE)
    here = ("0" * 16, world.now.date())
    stores(world).unexcused.revise(
        SITE, ref_of(ROSSIGNOL, ZELIE), lambda absences: absences.with_lesson(here, "Violon")
    )

    for name in (*twins, twins[-1]):
        world.database.write_all(lessons.deletions(SITE, name))

    assert "xen1" not in world.aws.everything(world.resources)
    assert len(list(stores(world).assessments.of_family(SITE, MESANGE.identifier))) == 1
