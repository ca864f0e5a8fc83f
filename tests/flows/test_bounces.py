"""Bounces: an address that mails do not reach is marked on its account, once, and on no other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.accounts import AccountRef, FailingMailbox, Failure
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.bounces import mark
from chalicelib.mail.bounces import Bounce
from tests.world import EMAIL, ROSSIGNOL, World

MERLE = AccountRef("evry-magnard", "mag1")


def bounce(failure: Failure | None = "bounced", *emails: str) -> Bounce:
    return Bounce(ROSSIGNOL, emails or (EMAIL,), failure)


def take(world: World, returned: Bounce | None) -> None:
    mark(world.services, returned, "message-1", world.now)


def events(world: World) -> list[tuple[str, str]]:
    return [(event["event"], event["kind" if "kind" in event else "reason"]) for event in world.events()]


@pytest.mark.parametrize("failure", ["bounced", "complained"])
def test_the_address_is_marked_on_its_account(world: World, failure: Failure) -> None:
    world.settle()
    world.settle(MERLE)

    take(world, bounce(failure, EMAIL.upper()))

    mailbox = world.services.record.pseudonyms.of_mailbox(EMAIL)
    assert world.account().failing == (FailingMailbox(mailbox, failure, world.now),)
    assert world.account(MERLE).failing == ()
    assert events(world) == [("mailbox_failing", failure)]


def test_nothing_else_of_the_account_changes(world: World) -> None:
    before = world.settle()

    take(world, bounce())

    assert replace(world.account(), failing=()) == before


def test_the_same_news_again_changes_nothing(world: World) -> None:
    world.settle()
    take(world, bounce())
    first = world.account()

    world.wait(timedelta(hours=1))
    take(world, bounce())

    assert world.account() == first


def test_each_address_is_marked_for_itself(world: World) -> None:
    world.settle(emails=(EMAIL, "loriot@example.org"))

    take(world, bounce("bounced", EMAIL, "loriot@example.org"))

    assert len(world.account().failing) == 2


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        (None, "not_ours"),
        (bounce(None), "transient"),
        (bounce("bounced", "merle@example.org"), "unknown"),
        (Bounce(MERLE, (EMAIL,), "bounced"), "unknown"),
    ],
    ids=["no mail of ours", "a full mailbox", "an address no longer on file", "an account that is gone"],
)
def test_what_tells_nothing_of_an_address_on_file_is_dropped(
    world: World, returned: Bounce | None, reason: str
) -> None:
    before = world.settle()

    take(world, returned)

    assert world.account() == before
    assert events(world) == [("bounce_dropped", reason)]


def test_no_address_stands_in_the_record(world: World) -> None:
    world.settle()

    take(world, bounce())

    assert "rossignol" not in world.log.getvalue()


def test_a_table_that_fails_leaves_the_news_for_later(world: World) -> None:
    world.settle()

    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        take(world, bounce())

    assert world.account().failing == ()


def test_a_change_in_between_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = world.settle()
    find = world.services.accounts.find

    def find_then_somebody_disables(ref: AccountRef) -> object:
        found = find(ref)
        monkeypatch.undo()
        world.services.accounts.change(account, account.switched(disabled=True))
        return found

    monkeypatch.setattr(world.services.accounts, "find", find_then_somebody_disables)
    take(world, bounce())

    assert world.account().disabled
    assert len(world.account().failing) == 1


def test_an_account_that_keeps_changing_is_told_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = world.settle()
    world.services.accounts.change(stale, stale.switched(disabled=True))
    monkeypatch.setattr(world.services.accounts, "find", lambda _ref: stale)

    with pytest.raises(Unavailable, match="keeps changing"):
        take(world, bounce())
