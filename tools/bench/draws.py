"""Measure whether all tickets are equally often first, over lottery seeds: `python -m tools.bench.draws`."""

import argparse
import math
import random
import sys
from collections import Counter
from datetime import UTC, date, datetime
from typing import Final

from chalicelib.wings.admission.domain.draws import Preparation, Ticket, order_of, prepare

_NOW: Final = datetime(2027, 6, 20, tzinfo=UTC)
_LIKELY: Final = 0.001  # a fair draw fails for one in a thousand seeds of this program
_NUMBERS: Final = range(1, 50)
_DRAWN: Final = 5


def main() -> None:
    """Print chi-square and its p-value for the first and the last place. Exits with 1 if one is too unlikely."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.draws", description=main.__doc__)
    parser.add_argument("--draws", type=int, default=20_000)
    parser.add_argument("--tickets", type=int, default=30)
    parser.add_argument(
        "--start", type=int, default=2027, help="from which the seeds are made: the same, the same again"
    )
    options = parser.parse_args()
    first, last = _places(options.draws, options.tickets, options.start)
    chances = {"first": _told("first", first, options), "last": _told("last", last, options)}
    sys.exit(min(chances.values()) < _LIKELY)


def _places(draws: int, tickets: int, start: int) -> tuple[Counter[str], Counter[str]]:
    """Count the first and the last ticket of each draw."""
    lottery = random.Random(start)  # noqa: S311 - a reproducible lottery
    all_tickets = [Ticket(f"P27-{number:04}-8WCB", 1) for number in range(tickets)]
    draw = prepare("evry-xenakis", "2027", all_tickets, Preparation("the lottery", date(2027, 7, 3), _NOW, "the bench"))
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for _ in range(draws):
        seed = "-".join(f"{number:02}" for number in sorted(lottery.sample(_NUMBERS, _DRAWN)))
        order = list(order_of(draw.run(seed, "the bench", _NOW)))
        first[order[0]] += 1
        last[order[-1]] += 1
    return first, last


def _told(place: str, counts: Counter[str], options: argparse.Namespace) -> float:
    expected = options.draws / options.tickets
    missing = options.tickets - len(counts)
    statistic = sum((count - expected) ** 2 / expected for count in counts.values()) + missing * expected
    freedom = options.tickets - 1
    chance = p_value(statistic, freedom)
    fewest, highest = min(counts.values()), max(counts.values())
    print(
        f"{place} place: {options.draws} draws of {options.tickets} tickets, {expected:.0f} each expected, "
        f"{fewest} to {highest} found; chi-square {statistic:.1f} for {freedom} degrees of freedom, p = {chance:.2f}"
    )
    return chance


def p_value(statistic: float, freedom: int) -> float:
    """Compute the probability of a chi-square at least so large, exactly, by the finite sums for integer degrees."""
    half = statistic / 2
    if half == 0:
        return 1.0
    offset = 0.5 if freedom % 2 else 0.0
    terms = (index + offset for index in range((freedom - 1) // 2 if freedom % 2 else freedom // 2))
    tail = sum(math.exp(power * math.log(half) - half - math.lgamma(power + 1)) for power in terms)
    return tail + (math.erfc(math.sqrt(half)) if freedom % 2 else 0.0)


if __name__ == "__main__":
    main()
