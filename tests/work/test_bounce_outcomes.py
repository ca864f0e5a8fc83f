"""Delivery of mails: a failing address is marked on its account, and a campaign records the outcome of its mails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, Failure
from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.campaign.domain.campaigns import CANARY
from chalicelib.wings.campaign.office.notice import write
from chalicelib.work.bounces import MailEvent, handle_mail_event
from tests.support.campaigns import SEASON, announce, begin, counts, job, mailbox, settle, states
from tests.support.world import EMAIL, ROSSIGNOL, World

MERLE = AccountRef("evry-magnard", "mag1")


def bounce(failure: Failure | None = "bounced", *emails: str) -> MailEvent:
    return MailEvent(ROSSIGNOL, emails or (EMAIL,), failure)


def take(world: World, mail_event: MailEvent | None) -> None:
    handle_mail_event(world.services, mail_event, "message-1", world.now)


def events(world: World) -> list[tuple[str, str]]:
    return [(event["event"], event["kind" if "kind" in event else "reason"]) for event in world.events()]


@pytest.mark.parametrize("failure", ["bounced", "complained"])
def test_the_address_is_marked_on_its_account_and_nothing_else_changes(world: World, failure: Failure) -> None:
    before = world.settle()
    world.settle(MERLE)

    take(world, bounce(failure, EMAIL.upper()))

    mailbox = world.services.record.pseudonyms.of_mailbox(EMAIL)
    account = world.account()
    assert account.failing_mailboxes == (FailingMailbox(mailbox, failure, world.now),)
    assert replace(account, failing_mailboxes=()) == before
    assert world.account(MERLE).failing_mailboxes == ()
    assert events(world) == [("mailbox_failing", failure)]
    assert "rossignol" not in world.log.getvalue()
    world.wait(timedelta(hours=1))
    take(world, bounce(failure))
    assert world.account() == account, "the same news again changes nothing"


def test_each_address_is_marked_for_itself(world: World) -> None:
    world.settle(emails=(EMAIL, "loriot@example.org"))

    take(world, bounce("bounced", EMAIL, "loriot@example.org"))

    assert len(world.account().failing_mailboxes) == 2


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        (None, "not_ours"),
        (bounce(None), "transient"),
        (bounce("bounced", "merle@example.org"), "unknown"),
        (MailEvent(MERLE, (EMAIL,), "bounced"), "unknown"),
    ],
    ids=["no mail of ours", "a full mailbox", "an address no longer on file", "an account that is gone"],
)
def test_what_tells_nothing_of_an_address_on_file_goes(world: World, returned: MailEvent | None, reason: str) -> None:
    before = world.settle()

    take(world, returned)

    assert world.account() == before
    assert events(world) == [("bounce_dropped", reason)]


def test_a_table_that_fails_leaves_the_news_for_later(world: World) -> None:
    world.settle()

    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        take(world, bounce())

    assert world.account().failing_mailboxes == ()


def sent(world: World, *families: Account) -> None:
    """Send a campaign's mail to families that share a mailbox."""
    announce(world)
    begin(world)
    write(world.services, job(world, *families), world.now)


def event(world: World, family: Account, outcome: str) -> MailEvent:
    email = family.emails[0]
    return MailEvent(family.ref, (email,), outcome, SEASON, mailbox(world, email))  # type: ignore[arg-type]  # a text


def recorded(world: World) -> list[str]:
    return [each["event"] for each in world.events()]


def test_that_a_password_arrived_costs_nothing(world: World) -> None:
    world.settle()
    world.aws.calls.clear()

    take(world, MailEvent(ROSSIGNOL, (EMAIL,), "delivered"))

    assert world.aws.calls == []
    assert world.events() == []


@pytest.mark.wing("campaign")
def test_that_a_notice_arrived_is_noted_on_all_it_lists_and_counts_once(world: World) -> None:
    first, second = settle(world, 2, email="nid@example.org")
    sent(world, first, second)

    take(world, event(world, first, "delivered"))
    take(world, event(world, first, "delivered"))

    assert states(world, first) == states(world, second) == ["delivered"]
    assert counts(world) == (1, 1, 0, 0)
    assert recorded(world) == ["campaign_mailed", "campaign_delivered", "bounce_dropped"]


@pytest.mark.parametrize("failure", ["bounced", "complained"])
@pytest.mark.wing("campaign")
def test_a_notice_that_comes_back_marks_the_address_on_all_it_lists(world: World, failure: Failure) -> None:
    first, second = settle(world, 2, email="nid@example.org")
    sent(world, first, second)

    take(world, event(world, first, failure))

    for family in (first, second):
        assert states(world, family) == [failure]
        assert [failing.kind for failing in world.account(family.ref).failing_mailboxes] == [failure]
    assert counts(world) == (1, 0, 1, 0)


@pytest.mark.parametrize("order", [("delivered", "bounced"), ("bounced", "delivered")])
@pytest.mark.wing("campaign")
def test_a_late_arrival_never_undoes_a_bounce(world: World, order: tuple[str, str]) -> None:
    (family,) = settle(world, 1)
    sent(world, family)
    take(world, replace(event(world, family, "bounced"), outcome=None))
    assert states(world, family) == ["sent"], "a full mailbox changes nothing"

    for outcome in order:
        take(world, event(world, family, outcome))

    assert states(world, family) == ["bounced"]
    assert counts(world)[2] == 1


@pytest.mark.wing("campaign")
def test_news_that_overtake_the_consumer_are_right_too(world: World) -> None:
    (family,) = settle(world, 1)
    announce(world)
    begin(world)
    with world.aws.failing("UpdateItem", "before", skips=1), pytest.raises(Unavailable):
        write(world.services, job(world, family), world.now)
    assert states(world, family) == ["sending"]

    take(world, event(world, family, "delivered"))

    assert states(world, family) == ["delivered"]
    assert counts(world) == (1, 1, 0, 0)


def test_news_of_an_erased_family_or_of_a_notice_that_never_was_are_dropped(world: World) -> None:
    (family,) = settle(world, 1)
    begin(world)

    take(world, event(world, family, "delivered"))
    world.services.accounts.erase(family)
    take(world, event(world, family, "bounced"))

    assert events(world) == [("bounce_dropped", "unknown")] * 2
    assert counts(world) == (0, 0, 0, 0)


@pytest.mark.wing("campaign")
def test_the_bounce_that_is_too_much_stops_the_campaign_at_once(world: World) -> None:
    first, second = settle(world, 2)
    sent(world, first)
    write(world.services, job(world, second), world.now)
    for _ in range(CANARY - 2):
        world.services.campaigns.count(SEASON, "sent")

    take(world, event(world, first, "bounced"))
    still = world.services.campaigns.find(SEASON)
    take(world, event(world, second, "complained"))

    campaign = world.services.campaigns.find(SEASON)
    assert still is not None
    assert campaign is not None
    assert (still.state, campaign.state) == ("running", "stopped")
    assert recorded(world)[-1] == "campaign_stopped"
