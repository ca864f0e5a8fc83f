"""The draws, among the places: prepared once and run once per site and season, each by one conditional write."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from functools import partial
from itertools import zip_longest
from typing import Final

from chalicelib.domain.admission.draws import (
    Draw,
    DrawCancellation,
    DrawRecord,
    Preparation,
    SiteDraws,
    Ticket,
    tickets_from,
)
from chalicelib.domain.admission.statistics import SeasonStatistics, StatisticsRow
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

_SEASONS: Final = "@statistics"  # no site has this prefix


class SeasonStatisticsStore:
    """Stores anonymous statistics."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def find(self, season: str) -> SeasonStatistics | None:
        """Find the statistics of a season. None before its purge."""
        return self._database.read(Lookup(self._table, _season_statistics_key(season), partial(_statistics, season)))

    def add(self, counted: SeasonStatistics) -> None:
        """Store the statistics of a season, unless it has some: later ones would miss purged applications."""
        rows = [asdict(row) for row in counted.rows]
        with suppress(WriteConflict):
            self._database.create(
                self._table, _season_statistics_key(counted.season) | {"at": counted.at, "rows": rows}
            )


def _season_statistics_key(season: str) -> dict[str, str]:
    return {"site": _SEASONS, "identifier": season}


def _statistics(season: str, item: Item | None) -> SeasonStatistics | None:
    if item is None:
        return None
    known = StatisticsRow.__dataclass_fields__
    rows = ({name: value for name, value in row.items() if name in known} for row in item["rows"])
    return SeasonStatistics(season, moment(item["at"]), tuple(StatisticsRow(**row) for row in rows))


_SUFFIX: Final = "#draw"
_PREPARED: Final = (
    "list", "keys", "digest", "rule", "seed_source", "seed_on", "prepared_at", "prepared_by",
)  # fmt: skip
_SAME: Final = "#digest = :digest AND #prepared_at = :prepared_at AND attribute_not_exists(#run_at)"


class Draws:
    """Prepares, runs and cancels draws. Each step is written once, even concurrently."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, site: str, season: str) -> Lookup[DrawRecord]:
        """Look up the draws of a site and season."""
        return Lookup(self._table, _key(site, season), record_from)

    def find(self, site: str, season: str) -> Draw | None:
        """Find the current draw. None if none is prepared, or the last one was cancelled."""
        return self.record(site, season).draw

    def record(self, site: str, season: str) -> DrawRecord:
        """Read the draws of a site and season."""
        return self._database.read(self.lookup(site, season))

    def all(self, sites: Sequence[str], seasons: Sequence[str]) -> tuple[SiteDraws, ...]:
        """Read the draws of these sites and seasons in one round trip, without empty ones."""
        keys = [(site, season) for season in seasons for site in sites]
        records_found = self._database.read_together(*(self.lookup(site, season) for site, season in keys))
        records = zip(keys, records_found, strict=True)
        return tuple(SiteDraws(*key, record) for key, record in records if record.draw or record.cancelled)

    def prepare(self, draw: Draw) -> Draw:
        """Write a prepared draw. Raises `WriteConflict` if another one exists."""
        values = _values_of(draw)
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        try:
            self._database.update(
                self._table, _key(draw.site, draw.season), change, "attribute_not_exists(#digest)", **values
            )
        except WriteConflict as lost:
            existing = record_from(lost.item).draw
            if existing is None or (existing.digest, existing.prepared) != (
                draw.digest,
                draw.prepared,
            ):  # an SDK retry recognises its own write
                raise
        return draw

    def run(self, draw: Draw) -> Draw:
        """Write the seed of a draw as read. Idempotent for the same seed.

        Raises `WriteConflict` for another seed or draw.
        """
        try:
            self._database.update(
                self._table,
                _key(draw.site, draw.season),
                "SET #seed = :seed, #run_at = :run_at, #run_by = :run_by",
                _SAME,
                seed=draw.seed,
                run_at=draw.run_at,
                run_by=draw.run_by,
                digest=draw.digest,
                prepared_at=draw.prepared.at,
            )
        except WriteConflict as lost:
            existing = record_from(lost.item).draw
            if existing is None or (existing.digest, existing.seed) != (draw.digest, draw.seed):
                raise
            return existing
        return draw

    def cancel(self, draw: Draw, cancelled: tuple[DrawCancellation, ...]) -> None:
        """Cancel a draw that is not run, and keep its record. Raises `WriteConflict` if it was run or replaced."""
        try:
            self._database.update(
                self._table,
                _key(draw.site, draw.season),
                f"SET #cancelled = :cancelled REMOVE {', '.join(f'#{name}' for name in _PREPARED)}",
                _SAME,
                cancelled=[_cancellation_item(one) for one in cancelled],
                digest=draw.digest,
                prepared_at=draw.prepared.at,
            )
        except WriteConflict as lost:
            existing = record_from(lost.item)
            if existing.draw or existing.cancelled != cancelled:
                raise


def record_from(item: Item | None) -> DrawRecord:
    """Decode an item, or its absence."""
    if item is None:
        return DrawRecord()
    cancelled = tuple(map(_cancellation_from, item.get("cancelled", [])))
    return DrawRecord(_draw_from(item, cancelled) if "digest" in item else None, cancelled)


def _key(site: str, season: str) -> dict[str, str]:
    return {"site": site, "identifier": f"{season}{_SUFFIX}"}


def _values_of(draw: Draw) -> Item:
    keys = "\n".join(" ".join(ticket.candidates) for ticket in draw.tickets)
    return {
        "list": draw.list_text,
        "keys": keys,
        "digest": draw.digest,
        "rule": draw.rule,
        **_preparation_item(draw.prepared),
    }


def _preparation_item(prepared: Preparation) -> Item:
    return {
        "seed_source": prepared.seed_source,
        "seed_on": prepared.seed_on.isoformat(),
        "prepared_at": prepared.at,
        "prepared_by": prepared.by,
    }


def _preparation_from(item: Item) -> Preparation:
    return Preparation(
        item["seed_source"],
        date.fromisoformat(item["seed_on"]),
        moment(item["prepared_at"]),
        item["prepared_by"],
    )


def _draw_from(item: Item, cancelled: tuple[DrawCancellation, ...]) -> Draw:
    lines = zip_longest(tickets_from(item["list"]), item["keys"].splitlines())  # an additional line changes the digest
    return Draw(
        site=item["site"],
        season=item["identifier"].removesuffix(_SUFFIX),
        tickets=tuple(
            Ticket(ticket.name, ticket.group, tuple((keys or "").split())) for ticket, keys in lines if ticket
        ),
        digest=item["digest"],
        prepared=_preparation_from(item),
        seed=item.get("seed", ""),
        run_at=moment_or_none(item.get("run_at")),
        run_by=item.get("run_by", ""),
        cancelled=cancelled,
        rule=item["rule"],
    )


def _cancellation_item(cancellation: DrawCancellation) -> Item:
    about = _preparation_item(cancellation.prepared)
    return {
        **about,
        "list": cancellation.list_text,
        "at": cancellation.at,
        "by": cancellation.by,
        "why": cancellation.why,
    }


def _cancellation_from(item: Item) -> DrawCancellation:
    return DrawCancellation(item["list"], _preparation_from(item), moment(item["at"]), item["by"], item["why"])
