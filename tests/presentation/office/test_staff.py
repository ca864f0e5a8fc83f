"""A member's texts for the office."""

from datetime import timedelta
from typing import get_args

from chalicelib.domain.staff.acts import StaffActKind
from chalicelib.domain.staff.members import ROLES, link_digest
from chalicelib.presentation import texts
from chalicelib.presentation.office.staff import ACTS, access_state
from tests.support.staff import MANAGER, member
from tests.support.world import World


def test_each_role_and_each_act_has_its_words() -> None:
    assert set(texts.ROLES) == set(ROLES)
    assert set(ACTS) == set(get_args(StaffActKind))


def test_where_an_access_stands_is_said_in_words(world: World) -> None:
    active = member(world)
    guest = active.without_proofs().with_invitation(link_digest("secret"), MANAGER, world.now)

    assert access_state(active, world.now) == "actif"
    assert access_state(active.with_disabled(is_disabled=True), world.now) == "désactivé"
    assert access_state(guest, world.now) == "invitation valable jusqu'au 2 septembre 2026 à 9 h 00"
    assert access_state(guest, world.now + timedelta(days=1)) == "à inviter à nouveau"
    assert access_state(active, world.now, is_listed=False).startswith("à confirmer")
