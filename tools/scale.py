"""`make scale`: count each AWS call of a family's journey and of a new family's, in one process, for docs/scale.md.

`ARGS="5 33"`: of networks with so many sites. `--write` puts the counts into the paper, between
`<!-- made by make scale: NAME -->` and `<!-- end -->`. `--check` names each counted row that is not there.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from pathlib import Path
from typing import Final

from chalicelib.domain.account.spellings import FORGIVING_SITES
from chalicelib.domain.enrolment.periods import PERIODS_AGE
from operations.deploy import capacity
from tools.scale_counts import READ_UNIT, SITES, Counts, Journeys, count

PAPER: Final = Path(__file__).parents[1] / "docs/scale.md"
_PLACE: Final = re.compile(r"(<!-- made by make scale: ([\w ]+) -->)(.*?)(<!-- end -->)", re.DOTALL)
_BIGGEST_SITES: Final = (0.5, 0.2, 0.02)  # of each opening's families


def table(pages: Mapping[str, Counts], unit: str = "a journey") -> Iterator[str]:
    """Lay out a table of docs/scale.md, page by page, with the sum."""
    yield "| page | times | DynamoDB round trips, at most | read units | write units | other calls |"
    yield "|---|---:|---:|---:|---:|---|"
    for name, page in pages.items():
        other_calls = ", ".join(f"{call} × {times}" for call, times in sorted(page.rest.items()))
        units = f"{page.reads.total()} | {page.writes.total()}"
        yield f"| {name} | {page.times} | {page.worst} | {units} | {other_calls} |"
    requests = sum(page.times for name, page in pages.items() if not name.startswith(("page ", "job ")))
    reads, writes = (sum(getattr(page, kind).total() for page in pages.values()) for kind in ("reads", "writes"))
    mails = sum(page.rest["SendEmail"] for page in pages.values())
    yield f"| **{unit}** | {requests} | | {reads} | {writes} | {mails} mails |"


def durations(known_pages: Mapping[str, Counts], new: Mapping[str, Counts]) -> Iterator[str]:
    """Compare the constants of capacity.py with the tables."""
    login = known_pages["POST connexion"]
    yield f"operations/deploy/capacity.py says {capacity.JOURNEY:.3f} s and {capacity.LOGIN:.3f} s; measured now: "
    yield f"a journey {_seconds(known_pages):.3f} s, a login {login.duration / login.times:.3f} s."
    yield f"It says {capacity.APPLICATION:.3f} s of a new family; measured now, jobs left out: {_own(new):.3f} s."


def _seconds(pages: Mapping[str, Counts]) -> float:
    return sum(page.duration for page in pages.values())


def _own(pages: Mapping[str, Counts]) -> float:
    return sum(page.duration for name, page in pages.items() if not name.startswith("job "))


def shapes(results: Iterable[Journeys]) -> Iterator[str]:
    """Lay out the counts of networks of several sizes."""
    names = ("a login", "a journey", "a lost password", "a new family")
    yield f"| sites | reads of {' | reads of '.join(names)} | round trips of a lost one's job | periods | wrong site |"
    yield f"|{'---:|' * 7}---|"
    for journeys in results:
        pages = ({"": journeys.family["POST connexion"]}, journeys.family, journeys.lost_password, journeys.new)
        numbers = (journeys.sites, *map(_reads, pages), journeys.lost_password["job password"].worst)
        forgiven = "forgiven" if journeys.sites <= FORGIVING_SITES else "refused"
        yield (
            "| "
            + " | ".join(f"{number:,}" for number in numbers)
            + f" | {journeys.period_bytes:,} bytes | {forgiven} |"
        )


def _reads(pages: Mapping[str, Counts]) -> int:
    return sum(page.reads.total() for page in pages.values())


def multiplied(known_pages: Mapping[str, Counts], period_bytes: int) -> Iterator[str]:
    """Lay out the opening minute: a key's units are the journey's, times the logins a second and its site's share.

    The periods, of the largest network, are read once in ten seconds by each Lambda.
    """
    rows: dict[str, list[str]] = {}

    def put(name: str, number: float, unit: str = "") -> None:
        rows.setdefault(name, []).append(f"{number:,.0f}{unit}")

    for opening, share in zip(capacity.OPENINGS, _BIGGEST_SITES, strict=True):
        at_once, logins = capacity.at_once(opening.in_minute), opening.in_minute / capacity.MINUTE
        put("in the opening minute", 100 * opening.share, "%")
        put("POST connexion, a second", logins)
        put("requests a second", logins * capacity.FAMILY_VISIT.requests)
        put("Lambdas at once", at_once)
        for kind, limit in (("writes", 1000), ("reads", 3000)):
            units: Counter[str] = sum((getattr(page, kind) for page in known_pages.values()), Counter())
            for name, number in sorted(units.items()):
                if name != "office":
                    put(f"{name}, the biggest site's key: {kind} a second, of {limit:,}", number * logins * share)
        reads = at_once / PERIODS_AGE.total_seconds() * ceil(period_bytes / READ_UNIT)
        put("office, the periods of 830 sites: reads a second, of 3,000", reads)
        put("minutes until every receipt is mailed, at 14 a second", capacity.minutes_to_mail(2 * opening.in_minute))
        rows.setdefault("dollars a season, at list price", []).append(
            f"{opening.families * capacity.FAMILY_VISIT.dollars:.2f}"
        )
    yield "| | " + " | ".join(f"{opening.families:,} families" for opening in capacity.OPENINGS) + " |"
    yield f"|---|{'---:|' * len(capacity.OPENINGS)}"
    yield from (f"| {name} | {' | '.join(numbers)} |" for name, numbers in rows.items())


def places(results: list[Journeys]) -> dict[str, list[str]]:
    """Make the rows of each place of the paper, by its name."""
    first, last = results[0], results[-1]
    return {
        "a journey": list(table(first.family)),
        "a lost password": list(table(first.lost_password, "a lost password")),
        "a new family": list(table(first.new, "a new family")),
        "the opening minute": list(multiplied(first.family, last.period_bytes)),
        "sites": list(shapes(results)),
    }


def main() -> None:
    """Count, then print the tables, write them or compare them with the paper's."""
    parser = argparse.ArgumentParser(prog="make scale", description=__doc__)
    parser.add_argument("sites", nargs="*", type=int, default=SITES)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    results = count(arguments.sites)
    tables, text = places(results), PAPER.read_text(encoding="utf-8")
    if arguments.write:
        fresh = _PLACE.sub(lambda place: "\n".join((place[1], "", *tables[place[2]], "", place[4])), text)
        PAPER.write_text(fresh, encoding="utf-8")
    elif arguments.check:
        there = {place[2]: place[3].splitlines() for place in _PLACE.finditer(text)}
        absent = [row for name, rows in tables.items() for row in rows if row not in there.get(name, [])]
        sys.exit("\n".join(("docs/scale.md lacks these rows: `make scale ARGS=--write`", *absent)) if absent else 0)
    for name, rows in tables.items():
        print(f"{name}:", *rows, "", sep="\n")
    print(*durations(results[0].family, results[0].new), sep="\n")


if __name__ == "__main__":
    main()
