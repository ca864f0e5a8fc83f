"""The notice of a change of a member's access: mailed once the change is stored, and never without it."""

import pytest

from chalicelib.domain.staff.members import ACCESS_CHANGES, AccessChange, Changed
from chalicelib.flows.staff.notices import post_notice
from tests.support.staff import SECRETARY, member, stores
from tests.support.world import World


def post(world: World, what: AccessChange) -> Changed:
    changed = Changed.new(what, world.now)
    post_notice(world.visit(), member(world), changed)
    return changed


@pytest.mark.parametrize("what", ACCESS_CHANGES)
def test_a_change_that_came_true_is_told_to_its_member(world: World, what: AccessChange) -> None:
    changed = post(world, what)
    stores(world).members.revise(SECRETARY, lambda one: one.with_change(changed))

    world.deliver()

    (mail,) = world.mails()
    assert mail.to == SECRETARY
    assert "le 1er septembre 2026 à 9 h 00 (heure de Paris)" in mail.text
    assert ("Ce n'est pas vous ?" in mail.text) == (what not in {"closed", "reopened", "role"})
    assert "staff_mailed" in {event["event"] for event in world.events()}
