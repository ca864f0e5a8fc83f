"""What is kept of a season without persons: how many asked for which discipline at which site, and what they got."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.admission.applications import Application, Candidate, State
from chalicelib.values import frozen

FEWEST: Final = 5  # candidates of a row: fewer could be found again by who knows them
OTHERS: Final = ""  # the discipline of a row that has all those too few for one of their own

_OUTCOMES: Final[dict[State, str]] = {"accepted": "accepted", "declined": "declined", "withdrawn": "withdrawn"}
_WITHOUT: Final = "without_place"  # still waiting when it was counted


@frozen
class StatisticsRow:
    """The candidates of a site whose first wish is a discipline; « OTHERS »: of several, each too few."""

    site: str
    discipline: str
    accepted: int = 0
    declined: int = 0
    withdrawn: int = 0
    without_place: int = 0

    @property
    def asked(self) -> int:
        """How many asked."""
        return self.accepted + self.declined + self.withdrawn + self.without_place


@frozen
class SeasonStatistics:
    """The rows of a season, as they were counted once, before anything of it was purged."""

    season: str
    at: datetime
    rows: tuple[StatisticsRow, ...]


def count(season: str, applications: Iterable[Application], now: datetime) -> SeasonStatistics:
    """Count a season. Of fewer than five candidates nothing is told: they count among others, or not at all."""
    outcomes: dict[tuple[str, str], Counter[str]] = {}
    for site, discipline, outcome in _asked(applications):
        outcomes.setdefault((site, discipline), Counter())[outcome] += 1
    rows: dict[tuple[str, str], Counter[str]] = {}
    for (site, discipline), counted in outcomes.items():
        name = discipline if counted.total() >= FEWEST else OTHERS
        rows.setdefault((site, name), Counter()).update(counted)
    kept = (
        StatisticsRow(site, discipline, **counted)
        for (site, discipline), counted in sorted(rows.items())
        if counted.total() >= FEWEST
    )
    return SeasonStatistics(season, now, tuple(kept))


def _asked(applications: Iterable[Application]) -> Iterator[tuple[str, str, str]]:
    for application in applications:
        for candidate in application.sent.answers.candidates if application.sent else ():
            if candidate.wishes:
                yield *_first(candidate), _OUTCOMES.get(application.state(candidate.key), _WITHOUT)


def _first(candidate: Candidate) -> tuple[str, str]:
    return candidate.wishes[0].site, candidate.wishes[0].discipline
