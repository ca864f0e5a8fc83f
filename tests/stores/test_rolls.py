"""Rolls: read back unchanged, without overwriting concurrent ones."""

from chalicelib.domain.teaching.courses import course_key
from chalicelib.domain.teaching.rolls import RollRef
from tests.support.teaching import BASILE, MESANGE, SITE, VIOLIN, WEDNESDAY, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

REF = RollRef(SITE, course_key(VIOLIN), WEDNESDAY.date())
MARKS = {ref_of(ROSSIGNOL, ZELIE): "absent", ref_of(MESANGE, BASILE): "late"}


def test_a_roll_comes_back_as_it_was_saved(world: World) -> None:
    rolls = stores(world).rolls
    saved = rolls.change(rolls.find(REF), rolls.find(REF).save(MARKS, "Mme Pinson", world.now))  # type: ignore[arg-type]  # marks

    assert rolls.find(REF) == saved
    assert list(rolls.all(SITE)) == list(rolls.all(SITE, REF.course)) == [saved]
