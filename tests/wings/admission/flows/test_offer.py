"""Answer an offer once, before its deadline, on any device, or withdraw: a candidate has one place at most."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import methodcaller

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Standing
from chalicelib.wings.admission.domain.pools import OfferGone, PoolRef
from chalicelib.wings.admission.flows.application import ApplicationStatus, withdraw, withdrawable
from chalicelib.wings.admission.flows.offer import decline_offer, take_offer
from tests.support.admission import applicant, application_of, stores
from tests.support.applications import ALBA, NILS
from tests.support.aws import When, faults_of
from tests.support.offers import (
    ALBA_REF,
    PIANO,
    TERM,
    VIOLIN,
    come,
    holder,
    holder_or_none,
    offer_place,
    send_application,
)
from tests.support.world import Visitor, World

Answer = Callable[..., None]


@pytest.fixture(autouse=True)
def sent(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)


def answer(world: World, status: ApplicationStatus, name: str, how: Answer = take_offer) -> None:
    candidate = status.candidate(ALBA.key)
    assert candidate
    how(world.visit(), status, candidate, name)


def passed(world: World, ref: PoolRef) -> list[str]:
    pool = stores(world).pools.find(ref)
    assert pool
    return [one.how for one in pool.passed if one.candidate == ALBA_REF]


def test_a_place_is_taken_by_one_write_and_its_mail_is_posted_first(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)
    world.aws.calls.clear()

    answer(world, come(world, visitor), name)

    assert world.aws.calls[-2:] == ["SendMessageBatch", "UpdateItem"]
    assert (holder(world, PIANO).state, holder(world, PIANO).until) == ("taken", None)


def test_taken_twice_it_is_taken_once_and_told_once(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)
    late = come(world, visitor)

    answer(world, come(world, visitor), name)
    world.wait(timedelta(seconds=1))
    answer(world, replace(late, context=replace(late.context, now=world.now)), name)
    answer(world, come(world, visitor), name)
    world.deliver()

    assert holder(world, PIANO).state == "taken"
    assert [mail.subject for mail in world.mails()] == ["Vous avez accepté une place - Evry - Xénakis"]


def test_taking_a_place_ends_the_candidate_s_other_offers_at_once(world: World, visitor: Visitor) -> None:
    offer_place(world, VIOLIN)
    name = offer_place(world, PIANO)

    answer(world, come(world, visitor), name)

    assert holder_or_none(world, VIOLIN) is None
    assert passed(world, VIOLIN) == []
    assert holder(world, PIANO).state == "taken"


def test_a_declined_place_is_free_at_once_and_declining_twice_is_once(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)

    answer(world, come(world, visitor), name, decline_offer)
    answer(world, come(world, visitor), name, decline_offer)
    world.deliver()

    assert holder_or_none(world, PIANO) is None
    assert passed(world, PIANO) == ["declined"]
    assert [mail.subject for mail in world.mails()] == ["Vous avez refusé une place - Evry - Xénakis"]


def test_at_its_term_an_offer_is_over_though_nobody_took_it_back_yet(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)
    world.wait(TERM)
    applicant(world, visitor)  # the session ended in the meantime

    with pytest.raises(OfferGone):
        answer(world, come(world, visitor), name)

    assert holder(world, PIANO).state == "offered"
    world.deliver_patiently()
    assert world.mails() == []


def test_an_offer_that_was_made_anew_is_not_taken_by_the_form_of_the_one_before(world: World, visitor: Visitor) -> None:
    old = offer_place(world, PIANO)
    status = come(world, visitor)
    stores(world).pools.revise(PIANO, lambda pool: pool.release(ALBA_REF))
    new = offer_place(world, PIANO)

    for view in (status, come(world, visitor)):
        with pytest.raises(OfferGone):
            answer(world, view, old)

    assert (holder(world, PIANO).name, holder(world, PIANO).state) == (new, "offered")


@pytest.mark.parametrize("verdict", ["declined", "accepted", "withdrawn"])
def test_who_asks_for_no_place_any_more_takes_none_that_was_left(world: World, visitor: Visitor, verdict: str) -> None:
    name = offer_place(world, PIANO)
    before = application_of(world)
    standing = (
        Standing(ALBA.key, withdrawn_at=world.now)
        if verdict == "withdrawn"
        else Standing(ALBA.key, decision=AdmissionDecision(verdict, "M. Office", world.now))  # type: ignore[arg-type]
    )
    stores(world).applications.change(before, before.with_standing(standing))

    with pytest.raises(OfferGone):
        answer(world, come(world, visitor), name)

    assert holder(world, PIANO).state == "offered"


def race(*acts: Callable[[], object]) -> None:
    """Run all acts at once. A refusal or a fault that a race may cause is no error."""

    def act(call: Callable[[], object]) -> None:
        with suppress(OfferGone, Unavailable):
            call()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(act, acts))


def test_of_two_wishes_taken_in_the_same_moment_the_better_one_is_kept(world: World, visitor: Visitor) -> None:
    names = {ref: offer_place(world, ref) for ref in (VIOLIN, PIANO)}
    here, there = come(world, visitor), come(world, visitor)
    stores(world).pools.revise(VIOLIN, lambda pool: pool.take(ALBA_REF, world.now))

    answer(world, here, names[PIANO])
    answer(world, there, names[VIOLIN]) if holder_or_none(world, VIOLIN) else None

    assert holder(world, PIANO).state == "taken"
    assert holder_or_none(world, VIOLIN) is None


def test_a_worse_wish_taken_beside_a_better_one_gives_way(world: World, visitor: Visitor) -> None:
    names = {ref: offer_place(world, ref) for ref in (VIOLIN, PIANO)}
    here = come(world, visitor)
    stores(world).pools.revise(PIANO, lambda pool: pool.take(ALBA_REF, world.now))

    answer(world, here, names[VIOLIN])

    assert holder(world, PIANO).state == "taken"
    assert holder_or_none(world, VIOLIN) is None
    world.deliver_patiently()
    assert world.mails() == []


def test_accepted_while_its_term_is_taken_back_the_place_has_one_story(world: World, visitor: Visitor) -> None:
    for _ in range(8):
        name = offer_place(world, PIANO, until=world.now + timedelta(seconds=1))
        here, past = come(world, visitor), world.now + timedelta(seconds=2)

        race(
            partial(answer, world, here, name), partial(stores(world).pools.revise, PIANO, methodcaller("expire", past))
        )

        place = holder_or_none(world, PIANO)
        assert (place.state if place else "expired") == ("taken" if place else passed(world, PIANO)[-1])
        stores(world).pools.revise(PIANO, lambda pool: pool.release(ALBA_REF))


@faults_of("SendMessageBatch", "UpdateItem")
def test_after_a_fault_the_next_try_takes_the_place_once(world: World, visitor: Visitor, call: str, when: When) -> None:
    name = offer_place(world, PIANO)
    with world.aws.failing(call, when), suppress(Unavailable):
        answer(world, come(world, visitor), name)

    answer(world, come(world, visitor), name)
    world.deliver()

    assert holder(world, PIANO).state == "taken"
    assert {mail.subject for mail in world.mails()} == {"Vous avez accepté une place - Evry - Xénakis"}


BOTH = (ALBA.key, NILS.key)


def leave(world: World, status: ApplicationStatus, keys: Collection[str] = (ALBA.key,)) -> None:
    withdraw(world.visit(), status, keys)


def states(world: World) -> list[str]:
    return [application_of(world).state(key) for key in BOTH]


def test_a_withdrawn_child_frees_its_place_and_offers_and_the_other_stays(world: World, visitor: Visitor) -> None:
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


def test_who_is_accepted_is_not_withdrawn_here(world: World, visitor: Visitor) -> None:
    offer_place(world, PIANO)
    before = application_of(world)
    standing = Standing(ALBA.key, decision=AdmissionDecision("accepted", "M. Office", world.now))
    stores(world).applications.change(before, before.with_standing(standing))

    leave(world, come(world, visitor), BOTH)

    assert states(world) == ["accepted", "withdrawn"]
    assert holder_or_none(world, PIANO)
    assert withdrawable(come(world, visitor)) == ()


def test_a_place_accepted_while_the_application_is_withdrawn_is_free_in_the_end(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)
    here, there = come(world, visitor), come(world, visitor)
    progress = here.candidate(ALBA.key)
    assert progress

    take_offer(world.visit(), here, progress, name)
    leave(world, there)
    assert holder_or_none(world, PIANO) is None

    with suppress(OfferGone):
        take_offer(world.visit(), here, progress, name)
    assert holder_or_none(world, PIANO) is None


@faults_of("SendMessageBatch", "UpdateItem", "DeleteItem")
def test_after_a_fault_the_next_try_withdraws(world: World, visitor: Visitor, call: str, when: When) -> None:
    offer_place(world, PIANO)
    with world.aws.failing(call, when), suppress(Unavailable):
        leave(world, come(world, visitor))
    world.wait(timedelta(seconds=5))

    leave(world, come(world, visitor))
    world.deliver()

    assert states(world) == ["withdrawn", "sent"]
    assert holder_or_none(world, PIANO) is None
    assert len(world.mails()) == 1
