"""Everybody entered under their addresses: the same again, and after a fault."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.roster.mailboxes import Entered, enter_everybody
from tests.support.world import EMAIL, ROSSIGNOL, World


def test_all_are_entered_in_few_calls_and_a_fault_is_made_good_by_running_it_again(world: World) -> None:
    refs = [AccountRef("evry-magnard", f"mag{number}") for number in range(30)]
    for ref in (ROSSIGNOL, *refs):
        world.settle(ref)
    with world.aws.failing("BatchWriteItem", "before", spared=1), pytest.raises(Unavailable):
        enter_everybody(world.services)
    world.aws.calls.clear()

    entered = enter_everybody(world.services)

    assert entered == Entered(31, 31)
    assert world.aws.calls == ["Scan", "BatchWriteItem", "BatchWriteItem", "Scan"]
    mailbox = world.services.mailboxes.find(world.services.record.pseudonyms.of_mailbox(EMAIL))
    assert set(mailbox.refs) == {ROSSIGNOL, *refs}
