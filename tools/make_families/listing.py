"""A file of families as it is made: family by family, with a summary of what an import will find in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.make_families.family import Family, a_year_later, family, fate
from tools.make_families.planting import NOT_REACHABLE, ROWS_LEFT_OUT, is_looked_at, planted, slip


@dataclass(frozen=True)
class Wanted:
    """What was asked for: how many families, from which seed, with slips or not, this year or the next."""

    families: int
    seed: int
    sites: tuple[str, ...]
    anomalies: bool = False
    next_year: bool = False


@dataclass
class Summary:
    """What is in the file; complete once it is made."""

    families: int = 0
    rows_left_out: int = 0
    reachable: int = 0
    anomalies: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)  # of the families, since last year

    def as_data(self) -> dict[str, Any]:
        """Give it as JSON can hold it. `families`: those that an import takes."""
        return {
            "families": self.families,
            "reachable": self.reachable,
            "rows_left_out": self.rows_left_out,
            "anomalies": dict(sorted(self.anomalies.items())),
            "sites": dict(sorted(self.sites.items())),
            "since_last_year": dict(sorted(self.years.items())),
        }


def listing(wanted: Wanted, summary: Summary) -> Iterator[Family]:
    """Make the families of a file one by one; one that stands twice is a slip."""
    for number in range(wanted.families):
        code = slip(number) if wanted.anomalies else None
        made = family(wanted.seed, number, wanted.sites)
        if wanted.next_year:
            what = "stays" if wanted.anomalies and is_looked_at(number) else fate(wanted.seed, number)
            summary.years[what] += 1
            if what == "goes":
                continue
            made = a_year_later(made, what, wanted.sites)
        yield from _rows(wanted, number, made, code, summary)
    if wanted.next_year:
        yield from _newcomers(wanted, summary)


def _rows(wanted: Wanted, number: int, made: Family, code: str | None, summary: Summary) -> Iterator[Family]:
    if code is None:
        yield made
    else:
        yield from planted(made, family(wanted.seed, number - 1, wanted.sites), code)
        summary.anomalies[code] += 1
    left_out = ROWS_LEFT_OUT.get(code or "", 0)
    summary.rows_left_out += left_out
    if not left_out:
        summary.families += 1
        summary.sites[made.site] += 1
        summary.reachable += code not in NOT_REACHABLE


def _newcomers(wanted: Wanted, summary: Summary) -> Iterator[Family]:
    for number in range(wanted.families, wanted.families + wanted.families // 10):
        summary.years["comes"] += 1
        yield from _rows(wanted, number, family(wanted.seed, number, wanted.sites), None, summary)
