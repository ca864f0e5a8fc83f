"""Fair allocation: no candidate is skipped, over a thousand random seasons of acts by families and office."""

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from chalicelib.wings.admission.domain.allocation import (
    AllocationPlan,
    Asks,
    Position,
    SiteOrder,
    WaitingCandidate,
    WantedPlace,
    carry_out,
    plan,
)
from chalicelib.wings.admission.domain.applications import CandidateRef, Sent, Wish
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef
from tests.support.applications import ALBA, NILS, NOW, NUMBER, SENT

ALBA_REF, NILS_REF = (CandidateRef(NUMBER, one.key) for one in (ALBA, NILS))
WISH = Wish("Piano", "evry-xenakis", since=NOW)
LATER = replace(WISH, since=NOW + timedelta(seconds=1))


def sent(*groups: str) -> Sent:
    assert SENT.sent
    return replace(SENT.sent, answers=replace(SENT.sent.answers, groups=groups))


def test_who_sent_its_wish_first_arrived_first_and_the_children_of_an_application_as_they_are_listed() -> None:
    order = SiteOrder("arrival", ("habitant",))

    assert order.position(sent(), NILS_REF, WISH) < order.position(sent("habitant"), ALBA_REF, LATER)
    assert order.position(sent(), ALBA_REF, WISH) < order.position(sent(), NILS_REF, WISH)


def test_a_family_is_of_the_first_group_that_it_belongs_to() -> None:
    order = SiteOrder("priority", ("habitant", "fratrie"))
    two, second, none = (
        order.position(sent(*groups), ALBA_REF, LATER)[0]
        for groups in (("fratrie", "habitant"), ("fratrie",), ("parti",))
    )

    assert (two, second, none) == (0, 1, 2)
    assert order.position(sent("fratrie"), ALBA_REF, LATER) < order.position(sent(), ALBA_REF, WISH)


def test_as_drawn_and_who_was_in_no_draw_comes_last() -> None:
    order = SiteOrder("draw", (), {NILS_REF: 7})

    assert order.position(sent(), NILS_REF, LATER) < order.position(sent(), ALBA_REF, WISH)
    assert (order.is_known, SiteOrder("draw").is_known) == (True, False)


SEASONS: Final = 1000
TERM: Final = timedelta(hours=72)
PIANO, VIOLIN, HARP = (PoolRef("evry-xenakis", "2027", code) for code in ("piano", "violon", "harpe"))
A, B, C, D = (CandidateRef(f"P27-000{name}", "k") for name in "ABCD")


def entry(candidate: CandidateRef, *refs: PoolRef, place: int = 0) -> WaitingCandidate:
    """Make a candidate that wishes for pools, best first. `place`: its position in all lines."""
    return WaitingCandidate(
        candidate,
        "asks",
        tuple(WantedPlace(ref, rank, (place, NOW, candidate.number, 0)) for rank, ref in enumerate(refs)),
        tuple((ref.site, ref.code) for ref in refs),
    )


def pool(ref: PoolRef, total: int = 1) -> Pool:
    return Pool(ref, ref.code, total=total)


def done(pools: Iterable[Pool], entries: Collection[WaitingCandidate], now: datetime = NOW) -> dict[PoolRef, Pool]:
    pools_before = tuple(pools)
    allocation = plan(pools_before, entries, {one.ref for one in pools_before}, now)
    return {one.ref: one for one in carry_out(allocation, now + TERM, now)}


def holders(pool: Pool) -> dict[CandidateRef, str]:
    return {holder.candidate: holder.state for holder in pool.holders}


def test_who_is_first_gets_what_it_prefers_and_who_misses_it_the_next_wish() -> None:
    line = [entry(A, PIANO, VIOLIN, place=1), entry(B, PIANO, VIOLIN, place=2), entry(C, VIOLIN, place=3)]

    allocation = plan([pool(PIANO), pool(VIOLIN)], line, {PIANO, VIOLIN}, NOW)

    assert allocation.offers == {PIANO: (A,), VIOLIN: (B,)}
    assert allocation.waiting == {PIANO: (B,), VIOLIN: (C,)}


def test_who_is_offered_a_wish_may_be_offered_a_better_one_and_none_that_is_not() -> None:
    line = [entry(A, PIANO, VIOLIN, HARP)]
    offer = pool(VIOLIN).offer(Offer(A, NOW + TERM), NOW)

    assert plan([pool(HARP), offer], line, {HARP, VIOLIN}, NOW).offers == {}
    assert plan([pool(PIANO), offer], line, {PIANO, VIOLIN}, NOW).offers == {PIANO: (A,)}


def test_at_its_term_a_place_passes_to_the_next_and_whoever_let_it_pass_keeps_its_other_lines() -> None:
    line = [entry(A, PIANO, VIOLIN, place=1), entry(B, PIANO, place=2)]
    pools = done([pool(PIANO)], line)

    late = done([pools[PIANO], pool(VIOLIN)], line, NOW + TERM)

    assert holders(late[PIANO]) == {B: "offered"}
    assert holders(late[VIOLIN]) == {A: "offered"}


def test_a_place_that_nobody_asks_for_any_more_is_free() -> None:
    entry_after = replace(entry(A, PIANO), state="gone")
    mover = entry(B, HARP)
    pools = [pool(PIANO, 2).offer(Offer(A, NOW + TERM), NOW).offer(Offer(B, NOW + TERM), NOW)]

    assert done(pools, [entry_after, mover])[PIANO].holders == ()


def test_who_took_a_place_holds_no_offer_and_waits_nowhere() -> None:
    line = [entry(A, PIANO, VIOLIN)]
    violin = pool(VIOLIN).offer(Offer(A, NOW + TERM), NOW).take(A, NOW)
    piano = pool(PIANO).offer(Offer(A, NOW + TERM), NOW)

    allocation = plan([violin, piano], line, {PIANO, VIOLIN}, NOW)

    assert (allocation.pools[PIANO].holders, holders(allocation.pools[VIOLIN])) == ((), {A: "taken"})
    assert (allocation.offers, allocation.waiting) == ({}, {PIANO: (), VIOLIN: ()})


def test_of_two_places_taken_at_once_the_better_one_is_kept_and_the_office_s_word_counts_for_both() -> None:
    line = [entry(A, PIANO, VIOLIN)]
    pools = [pool(ref).offer(Offer(A, NOW + TERM), NOW).take(A, NOW) for ref in (VIOLIN, PIANO)]

    assert [len(one.holders) for one in done(pools, line).values()] == [0, 1]
    assert [len(one.holders) for one in done(pools, [replace(line[0], state="accepted")]).values()] == [1, 1]


@pytest.mark.parametrize("state", ["asks", "accepted"])
def test_a_place_taken_at_a_site_that_is_no_longer_wished_for_is_freed(state: Asks) -> None:
    away = PoolRef("ris-orangis-messiaen", "2027", "harpe")
    line = [replace(entry(A, PIANO), state=state)]
    pools = [pool(away).offer(Offer(A, NOW + TERM), NOW).take(A, NOW), pool(PIANO).offer(Offer(A, NOW + TERM), NOW)]

    allocation = plan(pools, line, {PIANO, away}, NOW)

    assert allocation.pools[away].holders == ()
    assert len(allocation.pools[PIANO].holders) == (state == "asks")


def test_where_places_are_not_given_yet_nothing_is_offered_and_what_expired_is_taken_back() -> None:
    piano = pool(PIANO, 2).offer(Offer(A, NOW), NOW)

    allocation = plan([piano], [entry(A, PIANO), entry(B, PIANO)], (), NOW)

    assert (allocation.offers, allocation.waiting) == ({}, {})
    assert allocation.pools[PIANO].passed_by(A)


def test_an_application_that_was_forgotten_keeps_the_place_that_it_took() -> None:
    piano = pool(PIANO).offer(Offer(A, NOW + TERM), NOW).take(A, NOW)

    assert done([piano], []) == {PIANO: piano}


@dataclass
class Season:
    """A season of random acts."""

    dice: random.Random
    pools: dict[PoolRef, Pool] = field(default_factory=dict)
    entries: list[WaitingCandidate] = field(default_factory=list)
    open_pools: set[PoolRef] = field(default_factory=set)
    now: datetime = NOW

    def open(self) -> None:
        refs = [PoolRef("evry-xenakis", "2027", f"p{number}") for number in range(self.dice.randint(1, 4))]
        self.pools = {ref: pool(ref, self.dice.randint(0, 3)) for ref in refs}
        self.open_pools = {ref for ref in refs if self.dice.random() < 0.8}
        for _ in range(self.dice.randint(1, 8)):
            self.arrive()

    def arrive(self) -> None:
        wishes = self.dice.sample(list(self.pools), self.dice.randint(1, min(3, len(self.pools))))
        me = CandidateRef(f"P27-{len(self.entries):04}", "k")
        # each pool has a line of its own
        places = [
            WantedPlace(ref, rank, (self.dice.randint(0, 2), NOW, me.number, 0)) for rank, ref in enumerate(wishes)
        ]
        self.entries.append(WaitingCandidate(me, "asks", tuple(places), tuple((ref.site, ref.code) for ref in wishes)))

    def happen(self) -> None:
        """Let a family, the office or the clock act at random."""
        self.dice.choice(
            [self.arrive, self.answer, self.answer, self.answer, self.wait, self.leave, self.count, self.favour]
        )()

    def answer(self) -> None:
        offers = [(pool, place) for pool in self.pools.values() for place in pool.holders if place.state == "offered"]
        if offers:
            pool, place = self.dice.choice(offers)
            how = pool.take if self.dice.random() < 0.5 else pool.decline
            self.pools[pool.ref] = how(place.candidate, self.now)

    def wait(self) -> None:
        self.now += TERM
        self.open_pools |= set(self.dice.sample(list(self.pools), 1))

    def leave(self) -> None:
        place = self.dice.randrange(len(self.entries))
        is_taken = any(holders(one).get(self.entries[place].candidate) == "taken" for one in self.pools.values())
        state = self.dice.choice(["gone", "accepted"]) if is_taken else "gone"
        if self.entries[place].state == "asks":
            self.entries[place] = replace(self.entries[place], state=state)  # type: ignore[arg-type]

    def count(self) -> None:
        pool = self.dice.choice(list(self.pools.values()))
        self.pools[pool.ref] = replace(pool, total=max(len(pool.holders), self.dice.randint(0, 3)))

    def favour(self) -> None:
        pool, lucky = self.dice.choice(list(self.pools.values())), self.dice.choice(self.entries)
        if pool.free and lucky.state == "asks" and lucky.rank_of(pool) is not None:
            self.pools[pool.ref] = pool.offer(Offer(lucky.candidate, self.now + TERM, "M. Office", "fratrie"), self.now)

    def advance(self) -> list[str]:
        """Plan and carry out. List the violated properties."""
        before = self.pools
        allocation = plan(before.values(), self.entries, self.open_pools, self.now)
        self.pools = {one.ref: one for one in carry_out(allocation, self.now + TERM, self.now)}
        again = plan(self.pools.values(), self.entries, self.open_pools, self.now)
        wrong = ["done twice is not once"] * (bool(again.offers) or dict(again.pools) != self.pools)
        wrong += ["who waits changes with nothing"] * (again.waiting != allocation.waiting)
        return [*wrong, *self.faults(before, allocation)]

    def faults(self, before: dict[PoolRef, Pool], allocation: AllocationPlan) -> Iterable[str]:
        for ref, pool in self.pools.items():
            refs = [held.candidate for held in pool.holders]
            if len(set(refs)) < len(refs):
                yield "one candidate holds two places of a pool"
            if len(refs) > max(pool.capacity, len(before[ref].holders)):
                yield "more holders than places"
            if ref not in self.open_pools and allocation.offers.get(ref):
                yield "offered where places are not given"
        for one_entry in self.entries:
            yield from self.faults_of(one_entry, allocation)

    def faults_of(self, entry: WaitingCandidate, allocation: AllocationPlan) -> Iterable[str]:
        me = entry.candidate
        states = {ref: state for ref, held in self.pools.items() if (state := holders(held).get(me))}
        refs = [ref for ref, state in states.items() if state == "taken"]
        new = [ref for ref, some in allocation.offers.items() if me in some]
        if len(refs) > 1 and entry.state != "accepted":
            yield "two places taken"
        if (entry.state == "gone" and states) or (refs and len(states) > len(refs)):
            yield "a place held by who does not ask for it"
        if any(allocation.pools[ref].passed_by(me) for ref in new):
            yield "offered again what it passed"
        if len(new) > 1 or (new and entry.state != "asks"):
            yield "offered twice, or to who does not ask"
        wishes = [place.pool for place in entry.wanted]
        best = min((wishes.index(ref) for ref in states), default=len(wishes))
        if new and wishes.index(new[0]) != best:
            yield "offered what is not better"
        for place in entry.wanted[: best if entry.state == "asks" and not refs else 0]:
            if place.pool in self.open_pools and not self.pools[place.pool].passed_by(me):
                yield from self.skipped(me, place, allocation)

    def skipped(self, me: CandidateRef, place: WantedPlace, allocation: AllocationPlan) -> Iterable[str]:
        """List the violations for a candidate that waits for a pool."""
        if self.pools[place.pool].free:
            yield "a place is free while somebody waits for it"
        if me not in allocation.waiting[place.pool]:
            yield "who waits is in no line"
        for ref in allocation.offers.get(place.pool, ()):
            if self.position(ref, place.pool) > place.position:
                yield "passed over for somebody behind it"

    def position(self, candidate: CandidateRef, ref: PoolRef) -> Position:
        (entry,) = (one for one in self.entries if one.candidate == candidate)
        return next(wanted.position for wanted in entry.wanted if wanted.pool == ref)


def faults(seeds: Sequence[int], steps: int = 6) -> set[tuple[int, str]]:
    violations: set[tuple[int, str]] = set()
    for seed in seeds:
        season = Season(random.Random(seed))
        season.open()
        for _ in range(steps):
            violations |= {(seed, wrong) for wrong in season.advance()}
            season.happen()
    return violations


def test_over_a_thousand_seasons_nobody_is_passed_over_and_no_place_has_two_holders() -> None:
    assert faults(range(SEASONS)) == set()
