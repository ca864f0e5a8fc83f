"""The hourly job's places: in each site's order, once under any concurrent act, each with its mail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from time import sleep

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.admission.domain.applications import AdmissionDecision, CandidateRef
from chalicelib.wings.admission.domain.pools import Offer, OfferGone, Pool, PoolRef
from chalicelib.wings.admission.office.offers import advance
from chalicelib.wings.admission.stores.pools import Pools
from tests.support.admission import announce, stores
from tests.support.allocation import HARP, VIOLIN, ask, asked, close, held, mailed, pool, run
from tests.support.aws import When
from tests.support.world import World

A, B, C, D = (f"P26-{letter * 4}-2222" for letter in "ABCD")
HOUR = timedelta(hours=1)


def test_an_offer_s_mail_says_until_when_how_to_answer_and_what_it_ends(world: World) -> None:
    close(world, {VIOLIN: 1, HARP: 0})
    ask(world, A, VIOLIN, HARP)
    world.wait(timedelta(minutes=5))

    run(world)
    world.deliver()

    (mail,) = world.mails()
    assert "Répondez avant le 4 septembre 2026 à 10 h 00" in mail.subject
    for words in ("Où en est ma demande", A, "Si vous acceptez, ses autres vœux sont terminés", "01 "):
        assert words in mail.text


def test_who_declined_is_told_of_no_offer_that_is_over(world: World) -> None:
    close(world, {VIOLIN: 1})
    first = ask(world, A, VIOLIN)
    run(world)
    stores(world).pools.revise(VIOLIN, lambda one: one.decline(first, world.now))

    world.deliver_patiently()

    assert world.mails() == []


def test_who_waits_reads_how_far_and_no_promise_and_is_told_once(world: World) -> None:
    close(world, {HARP: 0})
    for number in range(6):
        ask(world, f"P26-2222-222{number}", HARP, at=world.now - timedelta(days=3, minutes=-number))

    run(world)
    world.wait(timedelta(days=2))
    run(world)
    world.deliver()

    assert len(world.mails()) == 6
    assert "parmi les 4 premières places" in world.mails()[0].text
    assert "entre la 5e et la 10e place" in world.mails()[5].text
    assert "Ce n'est pas une inscription" in world.mails()[5].text


def test_who_the_office_asked_to_complete_keeps_its_place_in_line(world: World) -> None:
    close(world, {VIOLIN: 0})
    first = ask(world, A, VIOLIN)
    application = asked(world, first)
    decision = AdmissionDecision("to_complete", "M. Office", world.now, "Une pièce manque.")
    stores(world).applications.change(
        application, application.with_standing(replace(application.standing(first.key), decision=decision))
    )

    run(world)

    assert asked(world, first).standing(first.key).decision == decision
    assert stores(world).pools.rankings.of([VIOLIN])[VIOLIN].waiting == (first,)


def take(world: World, ref: PoolRef, candidate: CandidateRef) -> None:
    stores(world).pools.revise(ref, lambda one: one.take(candidate, world.now))


def past_the_term(world: World, ref: PoolRef) -> None:
    until = pool(world, ref).holders[0].until
    assert until
    world.now = until


def test_where_no_places_are_counted_nothing_is_read_and_nothing_is_said(world: World) -> None:
    announce(world)
    world.aws.calls.clear()

    run(world)

    assert (world.events(), "Scan" in world.aws.calls) == ([], False)


def test_places_go_to_priority_groups_then_by_arrival_and_each_is_told(world: World) -> None:
    close(world, {VIOLIN: 2})
    late = ask(world, A, VIOLIN, groups=("habitant",), at=world.now - timedelta(days=1))
    first, second = ask(world, B, VIOLIN), ask(world, C, VIOLIN, at=world.now - timedelta(days=2))

    run(world)
    world.deliver()

    assert held(world, VIOLIN) == {late: "offered", first: "offered"}
    assert mailed(world) == {(A, "proposée"): 1, (B, "proposée"): 1, (C, "liste"): 1}
    assert asked(world, second).state(second.key) == "waiting"
    assert stores(world).pools.rankings.of([VIOLIN])[VIOLIN].waiting == (second,)


def test_what_expires_passes_to_the_next_and_both_are_told(world: World) -> None:
    close(world, {VIOLIN: 1})
    first, second = ask(world, A, VIOLIN), ask(world, B, VIOLIN, at=world.now - timedelta(days=1))
    run(world)
    world.deliver()
    past_the_term(world, VIOLIN)

    run(world)
    world.deliver()

    assert held(world, VIOLIN) == {second: "offered"}
    assert [one.candidate for one in pool(world, VIOLIN).passed] == [first]
    assert mailed(world) == {(A, "proposée"): 1, (B, "liste"): 1, (A, "délai"): 1, (B, "proposée"): 1}
    (late,) = [mail for mail in world.mails() if "délai" in mail.subject]
    assert "n'a pas d'autre vœu" in late.text


def test_an_hour_in_which_nothing_changed_reads_no_application(world: World) -> None:
    close(world, {VIOLIN: 1, HARP: 1})
    ask(world, A, VIOLIN)
    run(world)
    world.wait(HOUR)
    world.aws.calls.clear()

    run(world)

    assert set(world.aws.calls) == {"GetItem", "Query", "BatchGetItem"}


def test_a_withdrawal_that_a_fault_cut_short_frees_its_place_within_a_day(world: World) -> None:
    close(world, {VIOLIN: 1})
    first, second = ask(world, A, VIOLIN), ask(world, B, VIOLIN)
    run(world)
    take(world, VIOLIN, first)
    application = asked(world, first)
    stores(world).applications.change(application, application.withdraw([first.key], world.now))

    world.wait(timedelta(hours=24))
    run(world)

    assert held(world, VIOLIN) == {second: "offered"}


def test_overtaken_it_plans_anew_and_tells_what_then_stands(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    close(world, {VIOLIN: 1})
    first, lucky = ask(world, A, VIOLIN), ask(world, B, VIOLIN)
    change = Pools.change

    def late(self: Pools, before: Pool | None, after: Pool) -> Pool:
        monkeypatch.setattr(Pools, "change", change)
        offer = Offer(lucky, world.now + HOUR, "M. Office", "fratrie")
        self.revise(VIOLIN, lambda one: one.offer(offer, world.now))
        return self.change(before, after)

    monkeypatch.setattr(Pools, "change", late)

    run(world)
    world.deliver_patiently()

    assert held(world, VIOLIN) == {lucky: "offered"}
    assert stores(world).pools.rankings.of([VIOLIN])[VIOLIN].waiting == (first,)
    assert mailed(world) == {(A, "liste"): 1}


def test_twice_at_once_gives_and_tells_once(world: World) -> None:
    close(world, {VIOLIN: 2, HARP: 1})
    for number in (A, B, C, D):
        ask(world, number, VIOLIN, HARP)

    def at_once(_: int) -> None:
        with suppress(Unavailable):
            advance(world.services, world.now)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(at_once, range(4)))
    run(world)
    world.deliver_patiently()

    assert sorted(len(held(world, ref)) for ref in (VIOLIN, HARP)) == [1, 2]
    assert {**held(world, VIOLIN), **held(world, HARP)}.keys() == {CandidateRef(one, "a1a1a1a1") for one in (A, B, C)}
    assert [count for (_, what), count in mailed(world).items() if what == "proposée"] == [1, 1, 1]


def test_accepted_at_its_term_while_the_job_passes_it_on_a_place_has_one_holder(world: World) -> None:
    close(world, {VIOLIN: 1})
    first, second = ask(world, A, VIOLIN), ask(world, B, VIOLIN, at=world.now - timedelta(days=1))
    for hundredths in range(6):
        world.wait(timedelta(days=1))  # the list is read again, also after a round that the job won
        run(world)
        past_the_term(world, VIOLIN)
        before = world.now - timedelta(seconds=1)

        def accept(at: datetime = before, later: float = hundredths / 100) -> None:
            sleep(later)  # at once, the job would lose each round
            stores(world).pools.revise(VIOLIN, lambda one: one.take(first, at))

        def act(operation: Callable[[], object]) -> None:
            with suppress(OfferGone, Unavailable):
                operation()

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(act, (accept, lambda: advance(world.services, world.now))))

        assert held(world, VIOLIN) in ({first: "taken"}, {second: "offered"})
        bare = pool(world, VIOLIN)
        stores(world).pools.change(bare, replace(bare, holders=(), passed=()))


READS = [(call, "before", 0) for call in ("GetItem", "Query", "BatchGetItem", "Scan")]
WRITES = [("SendMessageBatch", when, spared) for when in ("before", "after") for spared in (0, 1, 2)]
# of two pools, of an application, of the last check
WRITES += [("UpdateItem", when, spared) for when in ("before", "after") for spared in (0, 1, 3, 5)]


@pytest.mark.parametrize(("call", "when", "spared"), [*READS, *WRITES])
def test_after_a_fault_the_next_hour_gives_and_tells_the_rest(world: World, call: str, when: When, spared: int) -> None:
    close(world, {VIOLIN: 1, HARP: 1})
    for number in (A, B, C):
        ask(world, number, VIOLIN, HARP)
    with world.aws.failing(call, when, times=2, skips=spared), suppress(Unavailable):
        advance(world.services, world.now)
    world.deliver_patiently()
    world.wait(HOUR)

    run(world)
    world.deliver_patiently()

    assert [len(held(world, ref)) for ref in (VIOLIN, HARP)] == [1, 1]
    mails = mailed(world)
    assert dict(mails.keys()) == {A: "proposée", B: "proposée", C: "liste"}
    assert set(mails.values()) == {1}


def test_what_would_be_done_is_told_and_not_done(world: World) -> None:
    close(world, {VIOLIN: 1})
    first = ask(world, A, VIOLIN)

    (change,) = advance(world.services, world.now, apply=False)

    assert (change.place.ref, change.offers) == (VIOLIN, (first,))
    assert (held(world, VIOLIN), world.aws.queue_bodies()) == ({}, "")
