"""The pools, among the places: one item each, changed by one conditional write, their list, and their rankings."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from chalicelib.domain.admission.applications import CandidateRef
from chalicelib.domain.admission.pools import ClosedOffer, Holder, Pool, PoolRef, Ranking
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Delete, Lookup, Put
from chalicelib.infra.dynamo.revise import Prepare, nothing, revise
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

POOLS: Final = "pool"
RANKINGS: Final = "ranking"


def key_of(ref: PoolRef, kind: str = POOLS) -> dict[str, str]:
    """Build the key of a pool, or of its ranking."""
    return {"site": ref.site, "identifier": f"{ref.season}#{kind}#{ref.code}"}


def item_of(pool: Pool) -> dict[str, Any]:
    """Encode a pool."""
    return key_of(pool.ref) | {
        "discipline": pool.discipline,
        "level": pool.level or None,
        "youngest": pool.youngest,
        "oldest": pool.oldest,
        "total": pool.total,
        "returning": pool.returning,
        "holders": [_holder_item(holder) for holder in pool.holders],
        "passed": [_passed_item(passed) for passed in pool.passed],
        "started_at": pool.started_at,
    }


def pool_from(item: Item | None) -> Pool | None:
    """Decode a pool."""
    if item is None or "discipline" not in item:
        return None
    return Pool(
        ref=ref_from(item),
        discipline=item["discipline"],
        level=item.get("level", ""),
        youngest=item.get("youngest"),
        oldest=item.get("oldest"),
        total=item["total"],
        returning=item.get("returning", 0),
        holders=tuple(map(_holder, item.get("holders", ()))),
        passed=tuple(map(_passed, item.get("passed", ()))),
        started_at=moment_or_none(item.get("started_at")),
        item=item,
    )


def ref_from(item: Item) -> PoolRef:
    """Decode the pool's key from an item."""
    season, _, code = item["identifier"].split("#", 2)
    return PoolRef(item["site"], season, code)


def ranking_item(ranking: Ranking) -> dict[str, Any]:
    """Encode a ranking."""
    return key_of(ranking.ref, RANKINGS) | {"waiting": list(map(str, ranking.waiting)) or None, "at": ranking.at}


def ranking_from(ref: PoolRef, item: Item | None) -> Ranking:
    """Decode a ranking. Empty without an item."""
    known = item or {}
    return Ranking(ref, tuple(map(CandidateRef.parse, known.get("waiting", ()))), moment_or_none(known.get("at")))


def _holder_item(holder: Holder) -> dict[str, Any]:
    return {
        "candidate": str(holder.candidate),
        "name": holder.name,
        "state": holder.state,
        "at": holder.at,
        "until": holder.until,
        "by": holder.by or None,
        "why": holder.why or None,
    }


def _holder(item: Item) -> Holder:
    return Holder(
        CandidateRef.parse(item["candidate"]),
        item["name"],
        item["state"],
        moment(item["at"]),
        moment_or_none(item.get("until")),
        item.get("by", ""),
        item.get("why", ""),
    )


def _passed_item(passed: ClosedOffer) -> dict[str, Any]:
    return {
        "candidate": str(passed.candidate),
        "how": passed.how,
        "at": passed.at,
        "name": passed.name,
        "until": passed.until,
    }


def _passed(item: Item) -> ClosedOffer:
    candidate, until = CandidateRef.parse(item["candidate"]), moment_or_none(item.get("until"))
    return ClosedOffer(candidate, item["how"], moment(item["at"]), item["name"], until)


_FACTS: Final = frozenset({"discipline", "total", "returning", "holders", "passed"})
_LISTS: Final = "@pools"  # no site has this code


class Pools:
    """Finds pools and changes them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: PoolRef) -> Lookup[Pool | None]:
        """Look up a pool. None if there is none."""
        return Lookup(self._table, key_of(ref), pool_from)

    def ranking_lookup(self, ref: PoolRef) -> Lookup[Ranking]:
        """Look up the ranking of a pool."""
        return Lookup(self._table, key_of(ref, RANKINGS), partial(ranking_from, ref))

    def list_lookup(self, season: str) -> Lookup[tuple[Pool, ...]]:
        """Look up the imported pools of a season, without holders, from one item for pages."""
        return Lookup(self._table, {"site": _LISTS, "identifier": season}, _listed)

    def find(self, ref: PoolRef) -> Pool | None:
        """Find a pool."""
        return self._database.read(self.lookup(ref))

    def of_season(self, season: str, sites: Iterable[str]) -> tuple[Pool, ...]:
        """Read the pools of a season at some sites, with their holders (a Query per site)."""
        return tuple(pool for site in sites for pool in self._of_site(season, site))

    def change(self, before: Pool | None, after: Pool) -> Pool:
        """Write the differences if the facts of the change are unchanged, or raise `WriteConflict`."""
        old: dict[str, Any] = item_of(before) if before else dict(key_of(after.ref))
        change = Change(old, item_of(after), _FACTS, read=before.item if before else {})
        written = change.write(self._database, self._table)
        return after if after is before else replace(after, item=written)

    def revise(
        self, ref: PoolRef, decide: Callable[[Pool], Pool], known: Pool | None = None, prepare: Prepare[Pool] = nothing
    ) -> tuple[Pool, Pool] | None:
        """Change a pool, deciding again each time that another writer came first. Return it before and after.

        None if it no longer exists. Raises `Unavailable`, and the errors of `decide`.
        """
        return revise(lambda: self.find(ref), self.change, decide, known, prepare)

    def remove(self, pool: Pool) -> bool:
        """Delete a pool and its ranking, unless it has holders or ended offers. Returns whether it was deleted."""
        condition = "attribute_not_exists(#site) OR (#holders = :none AND #passed = :none)"
        try:
            self._database.remove(self._table, key_of(pool.ref), condition, none=[])
        except WriteConflict:
            return False
        self._database.write_together(Delete(self._table, key_of(pool.ref, RANKINGS)))
        return True

    def delete(self, ref: PoolRef) -> tuple[Delete, Delete]:
        """Delete a pool and its ranking."""
        return Delete(self._table, key_of(ref)), Delete(self._table, key_of(ref, RANKINGS))

    def put_list(self, season: str, pools: Iterable[Pool]) -> Put:
        """Store the list of a season's pools, without their holders."""
        listed = [_definition(pool) for pool in pools]
        return Put(self._table, {"site": _LISTS, "identifier": season, "pools": listed})

    def rankings(self, refs: Iterable[PoolRef]) -> dict[PoolRef, Ranking]:
        """Read the rankings of some pools."""
        lookups = tuple(map(self.ranking_lookup, refs))
        stored = self._database.read_together(*lookups) if lookups else ()
        return {ranking.ref: ranking for ranking in stored}

    def put_ranking(self, ranking: Ranking) -> Put:
        """Store or overwrite a ranking."""
        return Put(self._table, ranking_item(ranking))

    def change_ranking(self, before: Ranking, after: Ranking) -> None:
        """Store a ranking, unless another was stored concurrently: that is as good, and corrected within the hour."""
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
