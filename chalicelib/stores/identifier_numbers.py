"""The numbers of generated identifiers, among the places: one item a season counts them for the whole network."""

from typing import Final

from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.stores.dynamo import Database, Lookup

NUMBERS: Final = "@identifiers"  # no site has this code
_RACES: Final = 20  # secretaries who accept at the same moment


class IdentifierNumbers:
    """Gives each number once; one that was given for an acceptance that a fault ended is given no more."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def next(self, season: str) -> int:
        """Give the next number of a season, from 1. Raises `Unavailable`."""
        key = {"site": NUMBERS, "identifier": season}
        for _ in range(_RACES):
            last = self._database.read(Lookup(self._table, key, lambda item: int(item["last"]) if item else 0))
            condition = "#last = :last" if last else "attribute_not_exists(#last)"
            known = {"last": last} if last else {}
            try:
                self._database.update(self._table, key, "SET #last = :next", condition, next=last + 1, **known)
            except WriteConflict:
                continue
            return last + 1
        raise Unavailable("the numbers of identifiers keep changing")
