"""Measure the planning of an allocation: `python -m tools.bench.allocation`."""

import argparse
import random
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.wings.admission.domain.allocation import WaitingCandidate, WantedPlace, carry_out, plan
from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Pool, PoolRef

_NOW: Final = datetime(2027, 7, 12, 8, tzinfo=UTC)
_TERM: Final = timedelta(hours=72)
_SITES: Final = 5


def main() -> None:
    """Plan a first allocation, then an hour without changes. Prints seconds and memory."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.allocation", description=main.__doc__)
    parser.add_argument("--candidates", type=int, default=3000)
    parser.add_argument("--wishes", type=int, default=3)
    parser.add_argument("--pools", type=int, default=120)
    parser.add_argument("--places", type=int, default=10, help="of each pool")
    options = parser.parse_args()
    dice = random.Random(2027)  # noqa: S311 - a reproducible season
    refs = [PoolRef(f"site-{number % _SITES}", "2027", f"pool-{number}") for number in range(options.pools)]
    pools = [Pool(ref, ref.code, total=options.places) for ref in refs]
    entries = [_entry(dice, refs, number, options.wishes) for number in range(options.candidates)]
    first = time.perf_counter()
    allocation = plan(pools, entries, refs, _NOW)
    second = time.perf_counter()
    pools_after = carry_out(allocation, _NOW + _TERM, _NOW)
    third = time.perf_counter()
    plan(pools_after, entries, refs, _NOW)
    fourth = time.perf_counter()
    tracemalloc.start()
    plan(pools, entries, refs, _NOW)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    offer_count = sum(map(len, allocation.offers.values()))
    print(
        f"{options.candidates} candidates, {options.wishes} wishes each, {options.pools} pools: {offer_count} offers "
        f"planned in {second - first:.2f} s, nothing more in {fourth - third:.2f} s, {peak:.0f} MB at most"
    )


def _entry(dice: random.Random, refs: list[PoolRef], number: int, wishes: int) -> WaitingCandidate:
    candidate = CandidateRef(f"P27-{number:04}-8WCB", "a1a1a1a1")
    pools = dice.sample(refs, wishes)
    arrived_at = _NOW - timedelta(seconds=dice.randrange(1_000_000))
    wanted_places = (WantedPlace(ref, rank, (0, arrived_at, candidate.number, 0)) for rank, ref in enumerate(pools))
    return WaitingCandidate(candidate, "asks", tuple(wanted_places), tuple((ref.site, ref.code) for ref in pools))


if __name__ == "__main__":
    main()
