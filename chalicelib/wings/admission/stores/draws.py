"""The draws, among the places: prepared once and run once per site and season, each by one conditional write."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec, Shape
from chalicelib.infra.dynamo.database import Key, Lookup, Table
from chalicelib.infra.dynamo.store import Items
from chalicelib.infra.dynamo.values import Item
from chalicelib.wings.admission.domain.draws import (
    Draw,
    DrawCancellation,
    DrawRecord,
    Preparation,
    SiteDraws,
    Ticket,
    tickets_from,
)
from chalicelib.wings.admission.domain.statistics import SeasonStatistics, StatisticsRow

_SEASONS: Final = "@statistics"  # no site has this prefix
_ROW: Final = Codec(StatisticsRow, always={"accepted", "declined", "withdrawn", "without_place"})


class SeasonStatisticsStore(Items[str, SeasonStatistics]):
    """Stores anonymous statistics."""

    codec = Codec(SeasonStatistics, "season", shapes={StatisticsRow: _ROW})

    def key(self, season: str) -> Key:
        """Build the key of a season's statistics."""
        return {"site": _SEASONS, "identifier": season}

    def add(self, statistics: SeasonStatistics) -> None:
        """Store the statistics of a season, unless it has some: later ones would miss purged applications."""
        with suppress(WriteConflict):
            self._database.create(self._table, self.encode(statistics))


_SUFFIX: Final = "#draw"
_PREPARED: Final = (
    "list", "keys", "digest", "rule", "seed_source", "seed_on", "prepared_at", "prepared_by",
)  # fmt: skip
_SAME: Final = "#digest = :digest AND #prepared_at = :prepared_at AND attribute_not_exists(#run_at)"


def _tickets_item(tickets: tuple[Ticket, ...]) -> Item:
    return {"keys": "\n".join(" ".join(ticket.candidates) for ticket in tickets)}


def _tickets(item: Item) -> tuple[Ticket, ...]:
    lines = zip_longest(tickets_from(item["list"]), item["keys"].splitlines())  # an additional line changes the digest
    return tuple(Ticket(ticket.name, ticket.group, tuple((keys or "").split())) for ticket, keys in lines if ticket)


_PREPARATION: Final = {Preparation: Codec(Preparation, names={"at": "prepared_at", "by": "prepared_by"})}
_CANCELLATION: Final = Codec(DrawCancellation, names={"list_text": "list"}, flat={"prepared"}, shapes=_PREPARATION)
_DRAW: Final = Codec(
    *(Draw, "site", "season"),
    always={"rule"},
    flat={"prepared", "tickets"},
    unstored={"cancelled"},
    shapes={**_PREPARATION, "tickets": Shape(_tickets_item, _tickets)},
)


def record_from(item: Item | None) -> DrawRecord:
    """Decode an item, or its absence."""
    if item is None:
        return DrawRecord()
    cancellations = tuple(map(_CANCELLATION.decode, item.get("cancelled", ())))
    if "digest" not in item:
        return DrawRecord(None, cancellations)
    draw = _DRAW.decode(item, item["site"], item["identifier"].removesuffix(_SUFFIX))
    return DrawRecord(replace(draw, cancelled=cancellations), cancellations)


class Draws(Table):
    """Prepares, runs and cancels draws. Each step is written once, even concurrently."""

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
        values = {"list": draw.list_text, **_DRAW.encode(draw)}
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        try:
            self._database.update(
                self._table, _key(draw.site, draw.season), change, "attribute_not_exists(#digest)", **values
            )
        except WriteConflict as clash:
            existing = record_from(clash.item).draw
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
        except WriteConflict as clash:
            existing = record_from(clash.item).draw
            if existing is None or (existing.digest, existing.seed) != (draw.digest, draw.seed):
                raise
            return existing
        return draw

    def cancel(self, draw: Draw, cancellations: tuple[DrawCancellation, ...]) -> None:
        """Cancel a draw that is not run, and keep its record. Raises `WriteConflict` if it was run or replaced."""
        try:
            self._database.update(
                self._table,
                _key(draw.site, draw.season),
                f"SET #cancelled = :cancelled REMOVE {', '.join(f'#{name}' for name in _PREPARED)}",
                _SAME,
                cancelled=[_CANCELLATION.encode(one) for one in cancellations],
                digest=draw.digest,
                prepared_at=draw.prepared.at,
            )
        except WriteConflict as clash:
            existing = record_from(clash.item)
            if existing.draw or existing.cancelled != cancellations:
                raise


def _key(site: str, season: str) -> Key:
    return {"site": site, "identifier": f"{season}{_SUFFIX}"}
