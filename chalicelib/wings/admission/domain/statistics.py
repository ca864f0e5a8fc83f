"""The anonymous statistics of a season: candidates by site, discipline and outcome."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application, State

FEWEST: Final = 5  # candidates in a row: with fewer, a person could be recognised
OTHERS: Final = ""  # the discipline of a row that groups those below the limit

_OUTCOMES: Final[dict[State, str]] = {"accepted": "accepted", "declined": "declined", "withdrawn": "withdrawn"}
_WITHOUT: Final = "without_place"  # still waiting when counted


@frozen
class StatisticsRow:
    """The candidates of a site by the discipline of their first wish. « OTHERS »: the rare ones together."""

    site: str
    discipline: str
    accepted: int = 0
    declined: int = 0
    withdrawn: int = 0
    without_place: int = 0

    @property
    def asked(self) -> int:
        """The number of candidates."""
        return self.accepted + self.declined + self.withdrawn + self.without_place


@frozen
class SeasonStatistics:
    """The rows of a season, counted once before its purge."""

    season: str
    at: datetime
    rows: tuple[StatisticsRow, ...]


def count(season: str, applications: Iterable[Application], now: datetime) -> SeasonStatistics:
    """Count a season. A discipline with fewer than five candidates counts among others, or not at all."""
    outcomes: dict[tuple[str, str], Counter[str]] = {}
    for site, discipline, outcome in _asked(applications):
        outcomes.setdefault((site, discipline), Counter())[outcome] += 1
    rows: dict[tuple[str, str], Counter[str]] = {}
    for (site, discipline), counts in outcomes.items():
        name = discipline if counts.total() >= FEWEST else OTHERS
        rows.setdefault((site, name), Counter()).update(counts)
    statistics_rows = (
        StatisticsRow(site, discipline, **counts)
        for (site, discipline), counts in sorted(rows.items())
        if counts.total() >= FEWEST
    )
    return SeasonStatistics(season, now, tuple(statistics_rows))


def _asked(applications: Iterable[Application]) -> Iterator[tuple[str, str, str]]:
    for application in applications:
        for candidate in application.sent.answers.candidates if application.sent else ():
            if candidate.wishes:
                first = candidate.wishes[0]
                yield first.site, first.discipline, _OUTCOMES.get(application.state(candidate.key), _WITHOUT)
