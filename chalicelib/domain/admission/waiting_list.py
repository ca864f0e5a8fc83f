"""The lines before the pools: each candidate of the season's applications, its state, wishes and position."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from chalicelib.domain.admission.allocation import Asks, WaitingCandidate, WantedPlace
from chalicelib.domain.admission.applications import Application, Candidate, CandidateRef, Sent, State
from chalicelib.domain.admission.orders import Position, SiteOrder
from chalicelib.domain.admission.pools import Pool
from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.text import fold
from chalicelib.values import frozen

_ASKS: Final[Mapping[State, Asks]] = {
    "sent": "asks",
    "waiting": "asks",
    "to_complete": "asks",
    "accepted": "accepted",
}


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
    sent = application.sent
    if sent is None:
        return
    known = tuple(pools)
    for candidate in sent.answers.candidates:
        ref, wished = CandidateRef(sent.number, candidate.key), _pools_of(candidate, known, season.age_day)
        positions = (season.order_of(wish.site).position(sent, ref, wish) for wish in candidate.wishes)
        yield WaitingCandidate(
            ref,
            _ASKS.get(application.state(candidate.key), "gone"),
            tuple(_wanted(wished, positions)),
            tuple((wish.site, fold(wish.discipline)) for wish in candidate.wishes),
            all(wished),
        )
    yield from _left_out(sent, known)


def _pools_of(candidate: Candidate, pools: Sequence[Pool], age_day: date) -> list[Pool | None]:
    """Find the pool of each wish. None if no pool takes it."""
    if candidate.born_on is None:
        return [None for _ in candidate.wishes]
    age = age_at(candidate.born_on, age_day)
    return [next((pool for pool in pools if pool.takes(wish, age)), None) for wish in candidate.wishes]


def _wanted(wished: Iterable[Pool | None], positions: Iterable[Position]) -> Iterator[WantedPlace]:
    """List the pools wished for, each at the rank of its first wish."""
    refs = set()
    for rank, (pool, position) in enumerate(zip(wished, positions, strict=True)):
        if pool and pool.ref not in refs:
            refs.add(pool.ref)
            yield WantedPlace(pool.ref, rank, position)


def _left_out(sent: Sent, pools: Iterable[Pool]) -> Iterator[WaitingCandidate]:
    keys = {candidate.key for candidate in sent.answers.candidates}
    holders = {holder.candidate for pool in pools for holder in pool.holders}
    for ref in sorted(holders, key=str):
        if ref.number == sent.number and ref.key not in keys:
            yield WaitingCandidate(ref, "gone")
