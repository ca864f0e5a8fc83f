"""Withdraw one child or all of them, once. Their places go to others."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.admission.applications import AdmissionDecision, Standing
from chalicelib.domain.admission.refusals import OfferGone
from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.flows.applicant.application import ApplicationStatus, withdraw, withdrawable
from chalicelib.flows.applicant.offer import take_offer
from tests.support.admission import application_of, stores
from tests.support.applications import ALBA, NILS
from tests.support.aws import When
from tests.support.offers import PIANO, VIOLIN, come, holder, holder_or_none, offer_place, send_application
from tests.support.world import Visitor, World

BOTH = (ALBA.key, NILS.key)


@pytest.fixture(autouse=True)
def sent(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)


def leave(world: World, followed: ApplicationStatus, keys: Collection[str] = (ALBA.key,)) -> None:
    withdraw(world.services, followed, keys, world.new_client())


def states(world: World) -> list[str]:
    return [application_of(world).state(key) for key in BOTH]


def test_one_child_is_withdrawn_its_place_and_its_offers_are_free_and_the_other_stays(
    world: World, visitor: Visitor
) -> None:
    offer_place(world, VIOLIN)
    offer_place(world, PIANO)
    stores(world).pools.revise(PIANO, lambda pool: pool.take(holder(world, PIANO).candidate, world.now))

    leave(world, come(world, visitor))

    assert states(world) == ["withdrawn", "sent"]
    assert holder_or_none(world, PIANO) is None
    assert holder_or_none(world, VIOLIN) is None


def test_withdrawn_twice_it_is_withdrawn_once_and_told_once(world: World, visitor: Visitor) -> None:
    late = come(world, visitor)
    leave(world, come(world, visitor), BOTH)
    at = application_of(world).standing(ALBA.key).withdrawn_at
    world.wait(timedelta(seconds=5))

    leave(world, replace(late, context=replace(late.context, now=world.now)), BOTH)
    leave(world, come(world, visitor), BOTH)
    world.deliver()

    assert application_of(world).standing(ALBA.key).withdrawn_at == at
    assert states(world) == ["withdrawn", "withdrawn"]
    assert [mail.subject for mail in world.mails()] == ["Votre demande de pré-inscription est retirée"]


def test_nobody_named_withdraws_nobody_and_a_made_up_key_neither(world: World, visitor: Visitor) -> None:
    with pytest.raises(FieldsRefused):
        leave(world, come(world, visitor), ())

    leave(world, come(world, visitor), ("ffffffff", ""))

    assert states(world) == ["sent", "sent"]
    assert world.aws.queue_bodies() == ""


def test_who_is_accepted_is_not_withdrawn_here(world: World, visitor: Visitor) -> None:
    offer_place(world, PIANO)
    before = application_of(world)
    accepted = Standing(ALBA.key, decision=AdmissionDecision("accepted", "M. Office", world.now))
    stores(world).applications.change(before, before.with_standing(accepted))

    leave(world, come(world, visitor), BOTH)

    assert states(world) == ["accepted", "withdrawn"]
    assert holder_or_none(world, PIANO)
    assert withdrawable(come(world, visitor)) == ()


def test_a_place_accepted_while_the_application_is_withdrawn_is_free_in_the_end(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)
    here, there = come(world, visitor), come(world, visitor)
    own = here.candidate(ALBA.key)
    assert own

    take_offer(world.services, here, own, name, world.new_client())
    leave(world, there)
    assert holder_or_none(world, PIANO) is None

    with suppress(OfferGone):
        take_offer(world.services, here, own, name, world.new_client())
    assert holder_or_none(world, PIANO) is None


def test_the_child_may_be_asked_for_by_another_application_from_then_on(world: World, visitor: Visitor) -> None:
    world.aws.calls.clear()

    leave(world, come(world, visitor))

    assert world.aws.calls == [
        *("GetItem", "BatchGetItem", "BatchGetItem"),
        *("SendMessageBatch", "UpdateItem", "DeleteItem"),  # the claim is deleted last
    ]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["SendMessageBatch", "UpdateItem", "DeleteItem"])
def test_whatever_call_fails_the_next_try_withdraws_frees_and_tells(
    world: World, visitor: Visitor, call: str, when: When
) -> None:
    offer_place(world, PIANO)
    with world.aws.failing(call, when), suppress(Unavailable):
        leave(world, come(world, visitor))
    world.wait(timedelta(seconds=5))

    leave(world, come(world, visitor))
    world.deliver()

    assert states(world) == ["withdrawn", "sent"]
    assert holder_or_none(world, PIANO) is None
    assert len(world.mails()) == 1
