"""Offers of a place whose term has passed."""

from chalicelib.office.admission.offers import advance
from tests.support.world import World


def test_where_nothing_was_offered_nothing_passes_on(world: World) -> None:
    advance(world.services, world.now)

    assert world.events() == []
