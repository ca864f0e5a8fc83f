"""The notice of a change of a member's access: mailed once the change is stored, and never without it."""

import pytest

from chalicelib.domain.staff.members import ACCESS_CHANGES, AccessChange, Changed
from chalicelib.flows.staff.notices import post_notice
from tests.support.staff import SECRETARY, member, stores
from tests.support.world import World


def post(world: World, change: AccessChange) -> Changed:
    job = Changed.new(change, world.now)
    post_notice(world.visit(), member(world), job)
    return job


@pytest.mark.parametrize("change", ACCESS_CHANGES)
def test_a_change_that_came_true_is_told_to_its_member(world: World, change: AccessChange) -> None:
    job = post(world, change)
    stores(world).members.revise(SECRETARY, lambda one: one.with_change(job))

    world.deliver()

    (mail,) = world.mails()
    assert mail.to == SECRETARY
    assert "le 1er septembre 2026 à 9 h 00 (heure de Paris)" in mail.text
    assert ("Ce n'est pas vous ?" in mail.text) == (change not in {"closed", "reopened", "role"})
    assert "staff_mailed" in {event["event"] for event in world.events()}
