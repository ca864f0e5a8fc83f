"""The pools, among the places: one item each, changed by one conditional write; their list, and who waits for them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from chalicelib.domain.admission.pools import Pool, PoolRef, Ranking
from chalicelib.domain.refusals import WriteConflict
from chalicelib.stores.changes import Change
from chalicelib.stores.dynamo import Database, Delete, Lookup, Put
from chalicelib.stores.pool_items import POOLS, RANKINGS, item_of, key_of, pool_from, ranking_from, ranking_item
from chalicelib.stores.revising import Prepare, nothing, revise
from chalicelib.stores.values import Item

_FACTS: Final = frozenset({"discipline", "total", "returning", "holders", "passed"})
_LISTS: Final = "@pools"  # no site has this code


class Pools:
    """Finds pools and changes them, never over somebody else's change."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: PoolRef) -> Lookup[Pool | None]:
        """Look up a pool; None where there is none."""
        return Lookup(self._table, key_of(ref), pool_from)

    def ranking_lookup(self, ref: PoolRef) -> Lookup[Ranking]:
        """Look up who waits for a pool."""
        return Lookup(self._table, key_of(ref, RANKINGS), partial(ranking_from, ref))

    def list_lookup(self, season: str) -> Lookup[tuple[Pool, ...]]:
        """Look up the pools of a season as they were imported, without their holders: by one item, for a page."""
        return Lookup(self._table, {"site": _LISTS, "identifier": season}, _listed)

    def find(self, ref: PoolRef) -> Pool | None:
        """Find a pool."""
        return self._database.read(self.lookup(ref))

    def of_season(self, season: str, sites: Iterable[str]) -> tuple[Pool, ...]:
        """Read the pools of a season at some sites, with their holders (a Query each)."""
        return tuple(pool for site in sites for pool in self._of_site(season, site))

    def change(self, before: Pool | None, after: Pool) -> Pool:
        """Write what differs, if all that the change was decided on still stands; else raise `WriteConflict`."""
        old: dict[str, Any] = item_of(before) if before else dict(key_of(after.ref))
        change = Change(old, item_of(after), _FACTS, read=before.item if before else {})
        written = change.write(self._database, self._table)
        return after if after is before else replace(after, item=written)

    def revise(
        self, ref: PoolRef, decide: Callable[[Pool], Pool], known: Pool | None = None, prepare: Prepare[Pool] = nothing
    ) -> tuple[Pool, Pool] | None:
        """Change a pool, deciding anew each time that somebody came first; before and after, None where it is gone.

        Raises `Unavailable`, and what `decide` raises.
        """
        return revise(lambda: self.find(ref), self.change, decide, known, prepare)

    def remove(self, pool: Pool) -> bool:
        """Forget a pool, and who waits for it, if nobody holds a place of it or passed; whether it is gone."""
        condition = "attribute_not_exists(#site) OR (#holders = :none AND #passed = :none)"
        try:
            self._database.remove(self._table, key_of(pool.ref), condition, none=[])
        except WriteConflict:
            return False
        self._database.write_together(Delete(self._table, key_of(pool.ref, RANKINGS)))
        return True

    def delete(self, ref: PoolRef) -> tuple[Delete, Delete]:
        """Forget a pool and who waits for it."""
        return Delete(self._table, key_of(ref)), Delete(self._table, key_of(ref, RANKINGS))

    def put_list(self, season: str, pools: Iterable[Pool]) -> Put:
        """Store the list of a season's pools: what they are, and not who holds them."""
        listed = [_definition(pool) for pool in pools]
        return Put(self._table, {"site": _LISTS, "identifier": season, "pools": listed})

    def rankings(self, refs: Iterable[PoolRef]) -> dict[PoolRef, Ranking]:
        """Read who waits for some pools."""
        lookups = tuple(map(self.ranking_lookup, refs))
        found = self._database.read_together(*lookups) if lookups else ()
        return {ranking.ref: ranking for ranking in found}

    def put_ranking(self, ranking: Ranking) -> Put:
        """Store who waits for a pool, whatever stood there."""
        return Put(self._table, ranking_item(ranking))

    def change_ranking(self, before: Ranking, after: Ranking) -> None:
        """Store who waits for a pool, unless somebody else did meanwhile: as good, and put right within the hour."""
        with suppress(WriteConflict):
            Change(ranking_item(before), ranking_item(after), frozenset({"at"})).write(self._database, self._table)

    def _of_site(self, season: str, site: str) -> Iterator[Pool]:
        for item in self._database.items_of(self._table, site, f"{season}#{POOLS}#"):
            if pool := pool_from(item):
                yield pool


def _definition(pool: Pool) -> dict[str, Any]:
    return {
        "site": pool.ref.site,
        "code": pool.ref.code,
        "discipline": pool.discipline,
        "level": pool.level or None,
        "youngest": pool.youngest,
        "oldest": pool.oldest,
    }


def _listed(item: Item | None) -> tuple[Pool, ...]:
    if item is None:
        return ()
    return tuple(
        Pool(
            PoolRef(one["site"], item["identifier"], one["code"]),
            one["discipline"],
            one.get("level", ""),
            one.get("youngest"),
            one.get("oldest"),
        )
        for one in item["pools"]
    )
