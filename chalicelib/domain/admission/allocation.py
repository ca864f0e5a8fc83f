"""Who is offered which free place: nobody is passed over for somebody behind it (docs/decisions/0062).

Candidates ask for the pools they prefer, and each pool keeps the first of its own line for its free places: deferred
acceptance (Gale and Shapley, 1962). So nobody misses a place that it prefers to what it gets while somebody behind it
in that pool's line is given one, and nobody gains by listing its wishes in another order than its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from heapq import heappop, heappush
from typing import Final, Literal

from chalicelib.domain.admission.applications import CandidateRef
from chalicelib.domain.admission.orders import Position
from chalicelib.domain.admission.pools import Holder, Offer, Pool, PoolRef
from chalicelib.domain.text import fold
from chalicelib.values import frozen

# « gone »: withdrawn, declined by the office, or no longer in its request.
Asks = Literal["asks", "accepted", "gone"]
_NO_RANK: Final = 99


@frozen
class Wanted:
    """A pool that a candidate wishes for: by which wish, from 0, the best first; and where it stands in line there."""

    pool: PoolRef
    rank: int
    position: Position


@frozen
class Entry:
    """A candidate in line. `wanted`: each pool once, best first; `slots`: site and folded discipline of each wish.

    `is_counted`: whether places are counted for each of its wishes.
    """

    candidate: CandidateRef
    state: Asks = "asks"
    wanted: tuple[Wanted, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()
    is_counted: bool = True

    def rank_of(self, pool: Pool) -> int | None:
        """Find by which wish it would have a place of a pool; None where it asks for no such place.

        A pool that the office chose, or that a level told since leads elsewhere from, is of its discipline at its site.
        """
        known = next((wanted.rank for wanted in self.wanted if wanted.pool == pool.ref), None)
        slot = pool.ref.site, fold(pool.discipline)
        return self.slots.index(slot) if known is None and slot in self.slots else known


@frozen
class Plan:
    """What is to be done. `pools`: as they are without what expired and what nobody asks for any more.

    `offers`: the candidates to be offered a place, first in line first; `waiting`: who then waits, first to last.
    """

    pools: Mapping[PoolRef, Pool]
    offers: Mapping[PoolRef, tuple[CandidateRef, ...]] = field(default_factory=dict)
    waiting: Mapping[PoolRef, tuple[CandidateRef, ...]] = field(default_factory=dict)


def plan(pools: Iterable[Pool], entries: Collection[Entry], given: Collection[PoolRef], now: datetime) -> Plan:
    """Plan what is to be done with the places; done, there is nothing to do. `given`: the pools whose places are given.

    What is offered stands until its term; whoever holds an offer may be offered a better one, and none that is not. A
    holder that is no entry keeps what it holds: its request was forgotten, not withdrawn.
    """
    known = {entry.candidate: entry for entry in entries}
    clean = _clean([pool.expire(now) for pool in pools], known)
    holdings = _holdings(clean.values())
    lines = _lines(clean, entries, holdings, given)
    free = {ref: clean[ref].free for ref in lines}
    matched = _match(_wants(entries, lines), lines, free)
    offered = {ref: tuple(one for one in line if matched.get(one) == ref) for ref, line in lines.items()}
    better = {candidate: known[candidate].rank_of(clean[ref]) for candidate, ref in matched.items()}
    waiting = {
        ref: tuple(one for one in line if _still_waits(known[one], clean[ref], better.get(one)))
        for ref, line in lines.items()
    }
    return Plan(clean, {ref: some for ref, some in offered.items() if some}, waiting)


def _still_waits(entry: Entry, pool: Pool, offered: int | None) -> bool:
    rank = entry.rank_of(pool)
    return offered is None or (rank is not None and rank < offered)


def _clean(pools: Sequence[Pool], known: Mapping[CandidateRef, Entry]) -> dict[PoolRef, Pool]:
    """Free what nobody asks for any more."""
    holdings = _holdings(pools)
    after = {}
    for pool in pools:
        kept = pool
        for holder in pool.holders:
            entry = known.get(holder.candidate)
            if entry and not _may_keep(entry, pool, holder, holdings[holder.candidate]):
                kept = kept.release(holder.candidate)
        after[pool.ref] = kept
    return after


def _holdings(pools: Iterable[Pool]) -> dict[CandidateRef, list[tuple[Pool, Holder]]]:
    holdings: dict[CandidateRef, list[tuple[Pool, Holder]]] = defaultdict(list)
    for pool in pools:
        for holder in pool.holders:
            holdings[holder.candidate].append((pool, holder))
    return holdings


def _may_keep(entry: Entry, pool: Pool, holder: Holder, own: Sequence[tuple[Pool, Holder]]) -> bool:
    """Whether a candidate still may hold a place: of two that it took at once, the better one is its own."""
    taken = [one for one, held in own if held.state == "taken"]
    if entry.state == "gone":
        return False
    if holder.state == "offered":
        return entry.state == "asks" and not taken and entry.rank_of(pool) is not None
    return entry.state == "accepted" or pool is min(taken, key=lambda one: _preference(entry, one))


def _preference(entry: Entry, pool: Pool) -> tuple[int, str, str]:
    rank = entry.rank_of(pool)
    return (_NO_RANK if rank is None else rank), pool.ref.code, pool.ref.site


def _lines(
    pools: Mapping[PoolRef, Pool],
    entries: Iterable[Entry],
    holdings: Mapping[CandidateRef, Sequence[tuple[Pool, Holder]]],
    given: Collection[PoolRef],
) -> dict[PoolRef, dict[CandidateRef, int]]:
    """Form the line of each pool that is given: who may be offered a place there, first to last, numbered."""
    passed = {ref: {one.candidate for one in pools[ref].passed} for ref in given if ref in pools}
    found: dict[PoolRef, list[tuple[Position, CandidateRef]]] = {ref: [] for ref in passed}
    for entry in entries:
        own = holdings.get(entry.candidate, ())
        if entry.state != "asks" or any(held.state == "taken" for _, held in own):
            continue
        best = min((_preference(entry, pool)[0] for pool, _ in own), default=_NO_RANK)
        for wanted in entry.wanted:
            if wanted.pool in found and wanted.rank < best and entry.candidate not in passed[wanted.pool]:
                found[wanted.pool].append((wanted.position, entry.candidate))
    return {
        ref: {candidate: place for place, (_, candidate) in enumerate(sorted(line, key=lambda one: one[0]))}
        for ref, line in found.items()
    }


def _wants(
    entries: Iterable[Entry], lines: Mapping[PoolRef, Mapping[CandidateRef, int]]
) -> dict[CandidateRef, list[PoolRef]]:
    """List the pools in whose line each candidate is, best first."""
    return {
        entry.candidate: [one.pool for one in entry.wanted if entry.candidate in lines.get(one.pool, ())]
        for entry in entries
    }


def _match(
    wants: Mapping[CandidateRef, Sequence[PoolRef]],
    lines: Mapping[PoolRef, Mapping[CandidateRef, int]],
    free: Mapping[PoolRef, int],
) -> dict[CandidateRef, PoolRef]:
    """Match candidates and free places: each asks for its best pool left, and a pool keeps the first of its line."""
    asking, left = list(wants), {candidate: iter(pools) for candidate, pools in wants.items()}
    kept: dict[PoolRef, list[tuple[int, CandidateRef]]] = defaultdict(list)
    while asking:
        candidate = asking.pop()
        pool = next(left[candidate], None)
        if pool is None:
            continue
        heappush(kept[pool], (-lines[pool][candidate], candidate))
        if len(kept[pool]) > free[pool]:
            asking.append(heappop(kept[pool])[1])  # the last in line
    return {candidate: pool for pool, some in kept.items() for _, candidate in some}


def carry_out(planned: Plan, until: datetime, now: datetime) -> tuple[Pool, ...]:
    """Do what is planned, all of it: for a rehearsal; the hourly job writes one pool at a time."""
    return tuple(offer_all(pool, planned.offers.get(ref, ()), until, now) for ref, pool in planned.pools.items())


def offer_all(pool: Pool, candidates: Iterable[CandidateRef], until: datetime, now: datetime) -> Pool:
    """Offer free places of a pool. Raises `PoolFull`."""
    for candidate in candidates:
        pool = pool.offer(Offer(candidate, until), now)
    return pool
