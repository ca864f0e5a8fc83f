"""The comparison of a stage with its second tables, and the conditional copy back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, groupby
from operator import attrgetter
from typing import Final

from chalicelib.domain.account.audit import TOMBSTONE_LASTS, AuditEntry, Author
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import READ_AT_ONCE, Database, Delete, Key, Lookup
from chalicelib.infra.dynamo.values import Item
from chalicelib.office.enrolment.period import SEASON_TRAIL
from chalicelib.services.office import OfficeServices
from operations.restore.differences import (
    COPIED,
    DOCUMENTS,
    ErasuresSince,
    Families,
    RestoreDifference,
    digest,
    is_compared,
    restored,
)
from operations.restore.documents import DocumentVersions

_LASTS: Final = timedelta(hours=1)  # an erasure is dated by its beginning
_AT_ONCE: Final = 8  # writes in parallel, of the ten connections of a client


@dataclass(frozen=True)
class RestoreComparison:
    """The differences, and the number of items of each table that were copied back before."""

    differences: tuple[RestoreDifference, ...]
    copy_counts: dict[str, int]


@dataclass(frozen=True)
class Copies:
    """The services of a stage, its live and second tables by their logical names, and the documents' versions."""

    services: OfficeServices
    live: Mapping[str, str]
    second: Mapping[str, str]
    documents: DocumentVersions
    at: datetime
    now: datetime
    _notes: set[tuple[str, str]] = field(default_factory=set)

    @property
    def _database(self) -> Database:
        return self.services.database

    def pseudonym(self, *parts: str) -> str:
        """Make a pseudonym as in the audit trail and the bucket."""
        return self.services.record.pseudonyms.of(*parts)

    def compare(self) -> RestoreComparison:
        """Compare all tables, then the documents. Memory holds a digest of each live item, and the differences."""
        accounts = chain.from_iterable(self._database.items(tables["Accounts"]) for tables in (self.live, self.second))
        families = Families((site.code for site in self.services.settings.network.sites), accounts, self.pseudonym)
        counts: dict[str, int] = {}
        tables = chain.from_iterable(self._compare(table, families, counts) for table in self.second)
        documents = self.documents.compare(families, self.at)
        return RestoreComparison((*documents, *tables), counts)

    def _compare(self, table: str, families: Families, counts: dict[str, int]) -> Iterator[RestoreDifference]:
        now = int(self.now.timestamp())
        digests = {
            _key(item): digest(table, item)
            for item in self._database.items(self.live[table])
            if is_compared(table, item, now)
        }
        differing = []
        for item in self._database.items(self.second[table]):
            live = digests.pop(_key(item), None)
            if COPIED in item:
                counts[table] = counts.get(table, 0) + 1
            elif is_compared(table, item, now) and live != digest(table, item):
                differing.append(item)
        for batch in batches(differing, READ_AT_ONCE):
            lookups = [Lookup(self.live[table], _named(item), lambda item: item) for item in batch]
            for item, now_live in zip(batch, self._database.read_together(*lookups), strict=True):
                where = families.place(table, _named(item))
                yield RestoreDifference(
                    table, "changed" if now_live else "missing", *where, _named(item), now_live, item
                )
        for site, identifier in digests:
            key = {"site": site, "identifier": identifier}
            yield RestoreDifference(table, "new", *families.place(table, key), key, None, None)

    def erasures(self, names: frozenset[tuple[str, str]]) -> ErasuresSince:
        """Find the tombstones since the second, and count the erasures without one: of earlier versions, of files."""
        counts: dict[str, int] = {}
        trail, since = self.services.audit_trail, self.at - _LASTS
        for erasure in trail.erasures():
            has_tombstones = erasure.has_tombstones and erasure.at > self.now - TOMBSTONE_LASTS
            for site, count in erasure.asked if erasure.at >= since and not has_tombstones else ():
                counts[site] = counts.get(site, 0) + count
        tombstones = frozenset(stone.name for stone in trail.tombstones(self.now) if stone.at >= since)
        return ErasuresSince(counts, self.services.record.pseudonyms, names, tombstones)

    def forget_erased(self, differences: Iterable[RestoreDifference], made_at: datetime) -> set[RestoreDifference]:
        """Delete from the second tables all that was erased since they were made, and all that mentions it."""
        stones = self.services.audit_trail.tombstones(self.now)
        names = frozenset(stone.name for stone in stones if stone.at >= made_at)
        held_back = ErasuresSince({}, self.services.record.pseudonyms, tombstones=names).hold(differences)
        forgotten_differences = {difference for difference in held_back if difference.table != DOCUMENTS}
        self._database.write_all(
            Delete(self.second[difference.table], difference.key) for difference in forgotten_differences
        )
        return forgotten_differences

    def copy(
        self, differences: Iterable[RestoreDifference], author: str, why: str, advance: Callable[[], None]
    ) -> list[RestoreDifference]:
        """Copy each difference back, noted before. Return those left alone, whose live item changed since compared.

        Tables come one after another, the items of a table several at once. `advance`: called by threads. An error ends
        all once the writes under way are through. A second run does the rest: a copied item is marked in its second
        table, and equal to it after a fault.
        """

        def bring_back(difference: RestoreDifference) -> bool:
            write = self.documents.bring_back if difference.table == DOCUMENTS else self._write
            if is_written := write(difference):
                advance()
            return is_written

        conflicts = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _, table in groupby(differences, attrgetter("table")):
                for batch in batches(table, READ_AT_ONCE):
                    self._note(batch, Author(author, why))
                    results = zip(batch, pool.map(bring_back, batch), strict=True)
                    conflicts += [difference for difference, is_written in results if not is_written]
        return conflicts

    def _write(self, difference: RestoreDifference) -> bool:
        """Write an item if the live one is as the comparison read it, and mark it in its second table."""
        table, live, item = self.live[difference.table], difference.live, restored(difference)
        try:
            if live is None:
                self._database.create(table, item)
            else:
                Change(live, item, frozenset(live) - {"site", "identifier"}).write(self._database, table)
        except WriteConflict:
            return False
        second = self.second[difference.table]
        self._database.update(second, difference.key, "SET #copied_back = :now", "attribute_exists(site)", now=self.now)
        return True

    def _note(self, differences: Iterable[RestoreDifference], author: Author) -> None:
        """Note the acts on families, and on sites' other items, once in a run."""
        families = {(difference.site, difference.family) for difference in differences} - self._notes
        names = ((site, self.pseudonym(site, family) if family else SEASON_TRAIL) for site, family in families)
        entries = (AuditEntry("restored", site, name, author, self.now) for site, name in names)
        self._database.write_all(map(self.services.audit_trail.put, entries))
        self._notes.update(families)


def _key(item: Item) -> tuple[str, str]:
    return item["site"], item["identifier"]


def _named(item: Item) -> Key:
    return {"site": item["site"], "identifier": item["identifier"]}
