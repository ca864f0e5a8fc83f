"""Notices on accounts: concurrent claims have one winner, a claim can be released, and events count once."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.notices import DeliveryOutcome, Notice
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Put
from chalicelib.stores.notices import CLAIMED_FOR, AlreadyMailed, BeingMailed, Deliveries
from tests.support.aws import When
from tests.support.campaigns import SEASON, begin, counts, mailbox, settle, states
from tests.support.staff import in_parallel
from tests.support.teaching import SITE
from tests.support.world import World

MAIL = ("absence", "course", "2026-11-04", "a mailbox")


def deliveries_of(world: World) -> Deliveries:
    settings = world.services.settings
    return Deliveries(world.services.database, settings.attempts_table, settings.wing_tables.get("teaching_table"))


def test_a_mail_that_left_is_not_claimed_again(world: World) -> None:
    deliveries = deliveries_of(world)
    deliveries.claim(SITE, *MAIL, now=world.now)
    deliveries.confirm(SITE, *MAIL)

    with pytest.raises(AlreadyMailed):
        deliveries.claim(SITE, *MAIL, now=world.wait(timedelta(days=1)))


def test_a_mail_that_another_worker_has_is_waited_for_and_taken_over_where_it_died(world: World) -> None:
    deliveries = deliveries_of(world)
    deliveries.claim(SITE, *MAIL, now=world.now)

    with pytest.raises(BeingMailed):
        deliveries.claim(SITE, *MAIL, now=world.wait(CLAIMED_FOR - timedelta(seconds=1)))
    deliveries.claim(SITE, *MAIL, now=world.wait(timedelta(seconds=1)))


@pytest.mark.parametrize(("state", "outcome"), [("sent", AlreadyMailed), ("sending", BeingMailed)])
@pytest.mark.wing("teaching")
def test_a_mail_of_an_earlier_version_is_not_sent_again(world: World, state: str, outcome: type[Exception]) -> None:
    """Its place was the teaching table."""
    settings = world.services.settings
    digest = "ee3ec7cf45f0a08465948b8889dcba01"
    former = {"site": SITE, "identifier": f"mailed#{digest}", "state": state, "at": world.now}
    world.database.write_together(Put(settings.table("Teaching"), former))

    with pytest.raises(outcome):
        deliveries_of(world).claim(SITE, *MAIL, now=world.now)
    world.wait(CLAIMED_FOR)
    with contextlib.suppress(AlreadyMailed):
        deliveries_of(world).claim(SITE, *MAIL, now=world.now)
        assert state == "sending"


def test_a_mail_given_back_is_claimed_at_once(world: World) -> None:
    deliveries = deliveries_of(world)
    deliveries.claim(SITE, *MAIL, now=world.now)
    deliveries.release(SITE, *MAIL)

    deliveries.claim(SITE, *MAIL, now=world.now)


def test_of_eight_workers_at_once_one_has_the_mail(world: World) -> None:
    deliveries = deliveries_of(world)

    def claim(_number: int) -> str:
        try:
            deliveries.claim(SITE, *MAIL, now=world.now)
        except BeingMailed:
            return "waits"
        return "has it"

    assert sorted(map(str, in_parallel(8, claim))) == ["has it", *["waits"] * 7]


def claim_on(world: World, account: Account, *accounts: Account) -> Notice:
    companions = tuple((each.ref.site, each.ref.identifier) for each in accounts)
    return Notice(SEASON, mailbox(world, account.emails[0]), "sending", world.now, companions)


def is_free(account: Account) -> bool:
    return not account.notices_of(SEASON)


def test_a_claim_whose_answer_is_lost_and_that_is_made_again_is_still_ones_own(world: World) -> None:
    (family,) = settle(world, 1)
    patient = wiring.build(world.services.settings, calls=2, patience=20).notices

    with world.aws.failing("UpdateItem", "after", times=1):
        before, after = patient.claim(family, claim_on(world, family), is_free) or (family, family)

    assert before is not after
    assert states(world, family) == ["sending"]


def test_an_account_that_is_gone_cannot_be_claimed(world: World) -> None:
    (family,) = settle(world, 1)
    world.services.accounts.erase(family)

    assert world.services.notices.claim(family, claim_on(world, family), is_free) is None


def test_a_claim_is_taken_back_and_leaves_what_stood_there(world: World) -> None:
    (family,) = settle(world, 1)
    came_back = replace(claim_on(world, family), state="bounced")
    world.services.accounts.change(family, family.with_notice(came_back))
    before = world.account(family.ref)
    notice = claim_on(world, family)
    world.services.notices.claim(before, notice, lambda _: True)

    world.services.notices.release(before, notice)

    assert world.account(family.ref) == before


def test_what_another_has_claimed_is_not_taken_back(world: World) -> None:
    (family,) = settle(world, 1)
    world.services.notices.claim(family, claim_on(world, family), is_free)

    world.services.notices.release(family, claim_on(world, family))

    assert states(world, family) == ["sending"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_claim_that_cannot_be_taken_back_stays_in_doubt(world: World, when: When) -> None:
    (family,) = settle(world, 1)
    notice = claim_on(world, family)
    world.services.notices.claim(family, notice, is_free)

    with world.aws.failing("UpdateItem", when):
        world.services.notices.release(family, notice)

    assert states(world, family) == (["sending"] if when == "before" else [])


def sent_to(world: World, *accounts: Account) -> None:
    begin(world)
    for account in accounts:
        rest = (each for each in accounts if each is not account)
        notice = replace(claim_on(world, account, *rest), state="sent")
        world.services.accounts.change(account, account.with_notice(notice))


@pytest.mark.wing("campaign")
def test_news_reach_every_account_of_the_mail_and_count_once(world: World) -> None:
    family, companion = settle(world, 2, email="nid@example.org")
    sent_to(world, family, companion)
    outcome = DeliveryOutcome(SEASON, mailbox(world, "nid@example.org"), "delivered", world.now)

    first, again = (world.services.notices.update(family.ref, (companion.ref,), outcome) for _ in range(2))

    assert (first.is_counted, again.is_counted) == (True, False)
    assert states(world, family) == states(world, companion) == ["delivered"]
    assert counts(world) == (0, 1, 0, 0)


@pytest.mark.wing("campaign")
def test_the_same_news_at_once_count_once(world: World) -> None:
    (family,) = settle(world, 1)
    sent_to(world, family)
    outcome = DeliveryOutcome(SEASON, mailbox(world, family.emails[0]), "delivered", world.now)
    together = Barrier(6)

    def hear(_: int) -> bool:
        services = wiring.build(world.services.settings, calls=1, patience=20)
        account = services.accounts.find(family.ref)
        together.wait()
        return services.notices.update(family.ref, (), outcome, account).is_counted

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(hear, range(6))) == 1
    assert counts(world) == (0, 1, 0, 0)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("calls", [0, 1, 2])
@pytest.mark.wing("campaign")
def test_news_that_a_fault_cut_short_are_whole_when_they_come_again(world: World, when: When, calls: int) -> None:
    """The count may miss one if the fault came between it and the account, but never has one too many."""
    family, companion = settle(world, 2, email="nid@example.org")
    sent_to(world, family, companion)
    outcome = DeliveryOutcome(SEASON, mailbox(world, "nid@example.org"), "bounced", world.now)

    with world.aws.failing("UpdateItem", when, skips=calls, times=1), pytest.raises(Unavailable):
        world.services.notices.update(family.ref, (companion.ref,), outcome)
    world.services.notices.update(family.ref, (companion.ref,), outcome)

    assert states(world, family) == states(world, companion) == ["bounced"]
    assert counts(world)[2] == (0 if (when, calls) in {("after", 1), ("before", 2)} else 1)
