"""A member's texts for the office."""

from datetime import timedelta
from typing import get_args

from chalicelib.domain.staff.acts import StaffActKind
from chalicelib.domain.staff.members import ROLES, link_digest
from chalicelib.office.staff.labels import ACTS, ROLE_LABELS, state_label
from tests.support.staff import MANAGER, member
from tests.support.world import World


def test_each_role_and_each_act_has_its_words() -> None:
    assert set(ROLE_LABELS) == set(ROLES)
    assert set(ACTS) == set(get_args(StaffActKind))


def test_where_an_access_stands_is_said_in_words(world: World) -> None:
    active = member(world)
    invited = active.without_proofs().with_invitation(link_digest("secret"), MANAGER, world.now)

    assert state_label(active, world.now) == "actif"
    assert state_label(active.with_disabled(disabled=True), world.now) == "désactivé"
    assert state_label(invited, world.now) == "invitation valable jusqu'au 2 septembre 2026 à 9 h 00"
    assert state_label(invited, world.now + timedelta(days=1)) == "à inviter à nouveau"
    assert state_label(active, world.now, is_listed=False).startswith("à confirmer")
