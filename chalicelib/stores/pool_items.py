"""The items of pools and rankings."""

from typing import Any, Final

from chalicelib.domain.admission.applications import CandidateRef
from chalicelib.domain.admission.pools import Holder, Passed, Pool, PoolRef, Ranking
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


def _passed_item(passed: Passed) -> dict[str, Any]:
    return {
        "candidate": str(passed.candidate),
        "how": passed.how,
        "at": passed.at,
        "name": passed.name,
        "until": passed.until,
    }


def _passed(item: Item) -> Passed:
    candidate, until = CandidateRef.parse(item["candidate"]), moment_or_none(item.get("until"))
    return Passed(candidate, item["how"], moment(item["at"]), item["name"], until)
