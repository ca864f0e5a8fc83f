"""The statistics of seasons, among the places: each is written once, before the season is purged."""

from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Final

from chalicelib.domain.admission.statistics import SeasonStatistics, StatisticsRow
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.values import Item, moment

_SEASONS: Final = "@statistics"  # no site has this prefix


class SeasonStatisticsStore:
    """Stores anonymous statistics."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def find(self, season: str) -> SeasonStatistics | None:
        """Find the statistics of a season. None before its purge."""
        return self._database.read(Lookup(self._table, _key(season), partial(_statistics, season)))

    def add(self, counted: SeasonStatistics) -> None:
        """Store the statistics of a season, unless it has some: later ones would miss purged applications."""
        rows = [asdict(row) for row in counted.rows]
        with suppress(WriteConflict):
            self._database.create(self._table, _key(counted.season) | {"at": counted.at, "rows": rows})


def _key(season: str) -> dict[str, str]:
    return {"site": _SEASONS, "identifier": season}


def _statistics(season: str, item: Item | None) -> SeasonStatistics | None:
    if item is None:
        return None
    known = StatisticsRow.__dataclass_fields__
    rows = ({name: value for name, value in row.items() if name in known} for row in item["rows"])
    return SeasonStatistics(season, moment(item["at"]), tuple(StatisticsRow(**row) for row in rows))
