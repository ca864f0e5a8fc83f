"""The pools, among the places: one item each, changed by one conditional write, and their rankings."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec, Shape
from chalicelib.infra.dynamo.database import Database, Key
from chalicelib.infra.dynamo.store import DefaultStore, Store
from chalicelib.infra.dynamo.values import Item
from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Pool, PoolRef, Ranking

_CANDIDATES: Final = {CandidateRef: Shape(str, CandidateRef.parse)}


def _key(ref: PoolRef, kind: str) -> Key:
    return {"site": ref.site, "identifier": f"{ref.season}#{kind}#{ref.code}"}


def _ref_in(key: Key) -> tuple[PoolRef]:
    season, _, code = key["identifier"].split("#", 2)
    return (PoolRef(key["site"], season, code),)


class Rankings(DefaultStore[PoolRef, Ranking]):
    """Finds the rankings of pools."""

    codec = Codec(Ranking, "ref", shapes=_CANDIDATES)
    facts = frozenset({"at"})

    def key(self, ref: PoolRef) -> Key:
        """Build the key of a pool's ranking."""
        return _key(ref, "ranking")

    def key_fields(self, key: Key) -> tuple[PoolRef]:
        """Parse the key of a ranking."""
        return _ref_in(key)

    def of(self, refs: Iterable[PoolRef]) -> dict[PoolRef, Ranking]:
        """Read the rankings of some pools."""
        lookups = tuple(map(self.lookup, refs))
        return {ranking.ref: ranking for ranking in self._database.read_together(*lookups)} if lookups else {}

    def replace(self, before: Ranking, after: Ranking) -> None:
        """Store a ranking, unless another was stored concurrently: that is as good, and corrected within the hour."""
        with suppress(WriteConflict):
            self.change(before, after)


class Pools(Store[PoolRef, Pool]):
    """Finds pools and changes them, without overwriting concurrent changes."""

    codec = Codec(Pool, "ref", always={"total", "returning", "holders", "passed"}, shapes=_CANDIDATES)
    facts = frozenset({"discipline", "total", "returning", "holders", "passed"})

    def __init__(self, database: Database, table: str) -> None:
        super().__init__(database, table)
        self.rankings = Rankings(database, table)

    def key(self, ref: PoolRef) -> Key:
        """Build the key of a pool."""
        return _key(ref, "pool")

    def key_fields(self, key: Key) -> tuple[PoolRef]:
        """Parse the key of a pool."""
        return _ref_in(key)

    def parse_if_any(self, item: Item | None) -> Pool | None:
        """Decode a pool. None without an item, or if it is no pool."""
        return self.parse(item) if item and "discipline" in item else None

    def of_season(self, season: str, sites: Iterable[str]) -> tuple[Pool, ...]:
        """Read the pools of a season at some sites (a Query per site)."""
        return tuple(pool for site in sites for pool in self.under(site, f"{season}#pool#"))

    def remove(self, pool: Pool) -> bool:
        """Delete a pool and its ranking, unless it has holders or ended offers. Returns whether it was deleted."""
        condition = "attribute_not_exists(#site) OR (#holders = :none AND #passed = :none)"
        try:
            self._database.remove(self._table, self.key(pool.ref), condition, none=[])
        except WriteConflict:
            return False
        self._database.write_together(self.rankings.delete(pool.ref))
        return True
