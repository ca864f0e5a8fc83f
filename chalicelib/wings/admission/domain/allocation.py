"""The lines before the pools, and the allocation: no candidate is skipped for one behind it (docs/decisions/0062).

Candidates ask for the pools they prefer, and each pool keeps the first of its own line for its free places: deferred
acceptance (Gale and Shapley, 1962). So no candidate misses a place that it prefers while one behind it in that pool's
line gets it, and no family gains by listing its wishes in another order than its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from heapq import heappop, heappush
from typing import Final, Literal

from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.text import fold
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application, Candidate, CandidateRef, Sent, State, Wish
from chalicelib.wings.admission.domain.pools import Holder, Offer, Pool, PoolRef

Order = Literal["arrival", "priority", "draw"]
# The group or the drawn rank, the first sending of the wish, then two unique tie-breakers.
Position = tuple[int, datetime, str, int]
_NOT_DRAWN: Final = 1_000_000  # candidates outside the draw come after all those in it


@frozen
class SiteOrder:
    """The order of a site. `groups`: codes of priority groups, in order. `drawn`: None before the draw."""

    order: Order = "arrival"
    groups: tuple[str, ...] = ()
    drawn: Mapping[CandidateRef, int] | None = None

    @property
    def is_known(self) -> bool:
        """Whether the order is known. It is not before the draw, if the site has one."""
        return self.order != "draw" or self.drawn is not None

    def position(self, request: Sent, ref: CandidateRef, wish: Wish) -> Position:
        """Return the position of a wish in line: the lowest comes first.

        A family counts in its first group. Ties are broken by number, then by place in the application.
        """
        keys = [candidate.key for candidate in request.answers.candidates]
        return self._first(request, ref), wish.since or request.first_at, request.number, keys.index(ref.key)

    def _first(self, request: Sent, ref: CandidateRef) -> int:
        if self.order == "draw":
            return (self.drawn or {}).get(ref, _NOT_DRAWN)
        if self.order == "arrival":
            return 0
        ranks = (rank for rank, code in enumerate(self.groups) if code in request.answers.groups)
        return min(ranks, default=len(self.groups))


# « gone »: withdrawn, declined by the office, or removed from its application.
Asks = Literal["asks", "accepted", "gone"]
_NO_RANK: Final = 99


@frozen
class WantedPlace:
    """A pool that a candidate wishes for: the rank of the wish, from 0 (best), and the position in line there."""

    pool: PoolRef
    rank: int
    position: Position


@frozen
class WaitingCandidate:
    """A candidate in line. `wanted`: each pool once, best first. `slots`: site and folded discipline of each wish.

    `is_counted`: whether each of their wishes falls into a pool.
    """

    candidate: CandidateRef
    state: Asks = "asks"
    wanted: tuple[WantedPlace, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()
    is_counted: bool = True

    def rank_of(self, pool: Pool) -> int | None:
        """Return the rank of the wish that a pool fulfils. None if no wish does.

        A pool chosen by the office, or left by a later change of level, still matches by its site and discipline.
        """
        rank = next((wanted.rank for wanted in self.wanted if wanted.pool == pool.ref), None)
        slot = pool.ref.site, fold(pool.discipline)
        return self.slots.index(slot) if rank is None and slot in self.slots else rank


@frozen
class AllocationPlan:
    """The changes to make. `pools`: the pools without expired and unwanted holders.

    `offers`: the candidates to offer a place, in order. `waiting`: those who then wait, in order.
    """

    pools: Mapping[PoolRef, Pool]
    offers: Mapping[PoolRef, tuple[CandidateRef, ...]] = field(default_factory=dict)
    waiting: Mapping[PoolRef, tuple[CandidateRef, ...]] = field(default_factory=dict)


def plan(
    pools: Iterable[Pool], entries: Collection[WaitingCandidate], chosen_refs: Collection[PoolRef], now: datetime
) -> AllocationPlan:
    """Plan the allocation. Idempotent: after it is carried out, the next plan is empty. `chosen_refs`: its pools.

    An offer stands until its term. A holder of an offer may be offered a better place, never a worse one. A holder
    without an entry keeps its place: its application was purged, not withdrawn.
    """
    entry_of = {entry.candidate: entry for entry in entries}
    clean = _clean([pool.expire(now) for pool in pools], entry_of)
    holdings = _holdings(clean.values())
    lines = _lines(clean, entries, holdings, chosen_refs)
    free = {ref: clean[ref].free for ref in lines}
    matches = _match(_wants(entries, lines), lines, free)
    offers = {ref: tuple(one for one in line if matches.get(one) == ref) for ref, line in lines.items()}
    ranks = {candidate: entry_of[candidate].rank_of(clean[ref]) for candidate, ref in matches.items()}
    waiting = {
        ref: tuple(one for one in line if _still_waits(entry_of[one], clean[ref], ranks.get(one)))
        for ref, line in lines.items()
    }
    return AllocationPlan(clean, {ref: some for ref, some in offers.items() if some}, waiting)


def _still_waits(entry: WaitingCandidate, pool: Pool, number: int | None) -> bool:
    rank = entry.rank_of(pool)
    return number is None or (rank is not None and rank < number)


def _clean(pools: Sequence[Pool], entry_of: Mapping[CandidateRef, WaitingCandidate]) -> dict[PoolRef, Pool]:
    """Release holders that no longer want their place."""
    holdings = _holdings(pools)
    after = {}
    for pool in pools:
        after_release = pool
        for holder in pool.holders:
            entry = entry_of.get(holder.candidate)
            if entry and not _may_keep(entry, pool, holder, holdings[holder.candidate]):
                after_release = after_release.release(holder.candidate)
        after[pool.ref] = after_release
    return after


def _holdings(pools: Iterable[Pool]) -> dict[CandidateRef, list[tuple[Pool, Holder]]]:
    holdings: dict[CandidateRef, list[tuple[Pool, Holder]]] = defaultdict(list)
    for pool in pools:
        for holder in pool.holders:
            holdings[holder.candidate].append((pool, holder))
    return holdings


def _may_keep(entry: WaitingCandidate, pool: Pool, holder: Holder, places: Sequence[tuple[Pool, Holder]]) -> bool:
    """Whether a candidate may keep a place: of two taken at once the better one, and none at a former site."""
    sites = {site for site, _ in entry.slots}
    taken_places = [one for one, held in places if held.state == "taken" and one.ref.site in sites]
    if entry.state == "gone" or pool.ref.site not in sites:
        return False
    if holder.state == "offered":
        return entry.state == "asks" and not taken_places and entry.rank_of(pool) is not None
    return entry.state == "accepted" or pool is min(taken_places, key=lambda one: _preference(entry, one))


def _preference(entry: WaitingCandidate, pool: Pool) -> tuple[int, str, str]:
    rank = entry.rank_of(pool)
    return (_NO_RANK if rank is None else rank), pool.ref.code, pool.ref.site


def _lines(
    pools: Mapping[PoolRef, Pool],
    entries: Iterable[WaitingCandidate],
    holdings: Mapping[CandidateRef, Sequence[tuple[Pool, Holder]]],
    chosen_refs: Collection[PoolRef],
) -> dict[PoolRef, dict[CandidateRef, int]]:
    """Form the line of each allocated pool: the candidates eligible for an offer, numbered in order."""
    passers = {ref: {one.candidate for one in pools[ref].passed} for ref in chosen_refs if ref in pools}
    waiting: dict[PoolRef, list[tuple[Position, CandidateRef]]] = {ref: [] for ref in passers}
    for entry in entries:
        places = holdings.get(entry.candidate, ())
        if entry.state != "asks" or any(held.state == "taken" for _, held in places):
            continue
        best = min((_preference(entry, pool)[0] for pool, _ in places), default=_NO_RANK)
        for wish in entry.wanted:
            if wish.pool in waiting and wish.rank < best and entry.candidate not in passers[wish.pool]:
                waiting[wish.pool].append((wish.position, entry.candidate))
    return {
        ref: {candidate: place for place, (_, candidate) in enumerate(sorted(line, key=lambda one: one[0]))}
        for ref, line in waiting.items()
    }


def _wants(
    entries: Iterable[WaitingCandidate], lines: Mapping[PoolRef, Mapping[CandidateRef, int]]
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
    """Match candidates to free places: each asks for its best pool left, and a pool keeps the first of its line."""
    asking, wishes_left = list(wants), {candidate: iter(pools) for candidate, pools in wants.items()}
    holders: dict[PoolRef, list[tuple[int, CandidateRef]]] = defaultdict(list)
    while asking:
        candidate = asking.pop()
        pool = next(wishes_left[candidate], None)
        if pool is None:
            continue
        heappush(holders[pool], (-lines[pool][candidate], candidate))
        if len(holders[pool]) > free[pool]:
            asking.append(heappop(holders[pool])[1])  # the last in line
    return {candidate: pool for pool, some in holders.items() for _, candidate in some}


def carry_out(allocation: AllocationPlan, until: datetime, now: datetime) -> tuple[Pool, ...]:
    """Carry out a whole plan at once, for a rehearsal. The hourly job writes one pool at a time."""
    return tuple(offer_all(pool, allocation.offers.get(ref, ()), until, now) for ref, pool in allocation.pools.items())


def offer_all(pool: Pool, candidates: Iterable[CandidateRef], until: datetime, now: datetime) -> Pool:
    """Offer free places of a pool. Raises `PoolFull`."""
    for candidate in candidates:
        pool = pool.offer(Offer(candidate, until), now)
    return pool


_ASKS: Final[Mapping[State, Asks]] = {"sent": "asks", "waiting": "asks", "to_complete": "asks", "accepted": "accepted"}


@frozen
class Season:
    """The rules of the lines. `orders`: by site code. `age_day`: the day on which ages count."""

    orders: Mapping[str, SiteOrder]
    age_day: date

    def order_of(self, site: str) -> SiteOrder:
        """Return the order of a site, by arrival if the network no longer has it."""
        return self.orders.get(site, SiteOrder())


def entries_of(application: Application, pools: Iterable[Pool], season: Season) -> Iterator[WaitingCandidate]:
    """List the sent candidates, and those sent once but since removed, as gone."""
    request = application.sent
    if request is None:
        return
    all_pools = tuple(pools)
    for candidate in request.answers.candidates:
        ref, wished_pools = CandidateRef(request.number, candidate.key), _pools_of(candidate, all_pools, season.age_day)
        positions = (season.order_of(wish.site).position(request, ref, wish) for wish in candidate.wishes)
        yield WaitingCandidate(
            ref,
            _ASKS.get(application.state(candidate.key), "gone"),
            tuple(_wanted(wished_pools, positions)),
            tuple((wish.site, fold(wish.discipline)) for wish in candidate.wishes),
            all(wished_pools),
        )
    yield from _left_out(request, all_pools)


def _pools_of(candidate: Candidate, pools: Sequence[Pool], age_day: date) -> list[Pool | None]:
    """Find the pool of each wish. None if no pool takes it."""
    if candidate.born_on is None:
        return [None for _ in candidate.wishes]
    age = age_at(candidate.born_on, age_day)
    return [next((pool for pool in pools if pool.takes(wish, age)), None) for wish in candidate.wishes]


def _wanted(wished_pools: Iterable[Pool | None], positions: Iterable[Position]) -> Iterator[WantedPlace]:
    """List the pools wished for, each at the rank of its first wish."""
    refs = set()
    for rank, (pool, position) in enumerate(zip(wished_pools, positions, strict=True)):
        if pool and pool.ref not in refs:
            refs.add(pool.ref)
            yield WantedPlace(pool.ref, rank, position)


def _left_out(request: Sent, pools: Iterable[Pool]) -> Iterator[WaitingCandidate]:
    keys = {candidate.key for candidate in request.answers.candidates}
    holders = {holder.candidate for pool in pools for holder in pool.holders}
    for ref in sorted(holders, key=str):
        if ref.number == request.number and ref.key not in keys:
            yield WaitingCandidate(ref, "gone")
