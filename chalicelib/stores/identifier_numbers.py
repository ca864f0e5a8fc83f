"""The numbers of generated identifiers, among the places: one counter item per season for the whole network."""

from typing import Final

from chalicelib.infra.dynamo.database import Database

NUMBERS: Final = "@identifiers"  # no site has this code


class IdentifierNumbers:
    """Gives each number once. The number of a failed acceptance is not given again."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def next(self, season: str) -> int:
        """Return the next number of a season, from 1. Raises `Unavailable`."""
        return self._database.count(self._table, {"site": NUMBERS, "identifier": season}, "last")
