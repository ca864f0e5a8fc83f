"""The office's acts, in the office's table, by site and account's pseudonym, and erasures, with tombstones.

TTL deletes late, so expiries are compared.
"""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.audit import AuditEntry, Erasure, Tombstone
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec, Shape
from chalicelib.infra.dynamo.database import Database, Delete, Key
from chalicelib.infra.dynamo.store import Items

_PREFIX: Final = "act#"
_NO_SITE: Final = "*"  # no site has this code
_ERASURE: Final = "erasure#"
_TOMBSTONE: Final = "erased#"
_COUNTS: Final = Shape(dict, lambda stored: tuple(sorted(stored.items())))


class Erasures(Items[Erasure, Erasure]):
    """Records erasures, and lists them."""

    codec = Codec(Erasure, "name", shapes={"asked": _COUNTS, "erased": _COUNTS})

    def key_of(self, erasure: Erasure) -> Key:
        """Build the key of an erasure."""
        return {"site": _NO_SITE, "identifier": f"{_ERASURE}{erasure.at.isoformat()}#{erasure.name}"}

    def key_fields(self, key: Key) -> tuple[str]:
        """Parse the name in the key of an erasure."""
        return (key["identifier"].rpartition("#")[2],)


class Tombstones(Items[str, Tombstone]):
    """Records the erased accounts and applications, by name, while a restore could bring them back."""

    codec = Codec(Tombstone, "name")

    def key(self, name: str) -> Key:
        """Build the key of a tombstone."""
        return {"site": _NO_SITE, "identifier": f"{_TOMBSTONE}{name}"}

    def key_fields(self, key: Key) -> tuple[str]:
        """Parse the name in the key of a tombstone."""
        return (key["identifier"].removeprefix(_TOMBSTONE),)

    def computed(self, tombstone: Tombstone) -> dict[str, datetime]:
        """Expire when no restore goes back before the erasure."""
        return {"expires": tombstone.expires_at}


class AuditTrail(Items[AuditEntry, AuditEntry]):
    """Records acts, lists those on one account, and deletes them with it."""

    codec = Codec(AuditEntry, "site", "name", flat={"author"})

    def __init__(self, database: Database, table: str) -> None:
        super().__init__(database, table)
        self._erasures = Erasures(database, table)
        self._tombstones = Tombstones(database, table)

    def key_of(self, entry: AuditEntry) -> Key:
        """Build the key of an act, like no other of the same second."""
        identifier = f"{_PREFIX}{entry.account}#{entry.at.isoformat()}#{entry.name or secrets.token_hex(4)}"
        return {"site": entry.site, "identifier": identifier}

    def key_fields(self, key: Key) -> tuple[str, str]:
        """Parse the site and the name in the key of an act."""
        return key["site"], key["identifier"].rpartition("#")[2]

    def add(self, entry: AuditEntry) -> None:
        """Record an act."""
        self._database.write_together(self.put(entry))

    def remove_note(self, note: AuditEntry, why: str) -> bool:
        """Put the trace of a note in its place, in one write. False if it is no longer there."""
        values, change = {"kind": "note_removed", "why": why, "former": note.kind}, "SET #kind = :kind, #why = :why"
        try:
            self._database.update(self._table, self.key_of(note), change, "#kind = :former", **values)
        except WriteConflict:
            return False
        return True

    def on(self, site: str, account: str) -> Iterator[AuditEntry]:
        """List the acts on an account, oldest first."""
        return self.under(site, f"{_PREFIX}{account}#")

    def of_site(self, site: str) -> Iterator[AuditEntry]:
        """List the acts on all accounts of a site, account by account."""
        return self.under(site, _PREFIX)

    def deletions(self, site: str, account: str) -> Iterator[Delete]:
        """Delete the acts on an account."""
        return self.deletions_under(site, f"{_PREFIX}{account}#")

    def add_erasure(self, erasure: Erasure) -> None:
        """Record an erasure at its start, and overwrite it at its end."""
        self._database.write_together(self._erasures.put(erasure))

    def add_tombstones(self, names: Iterable[str], now: datetime) -> None:
        """Record accounts about to be erased. An account erased twice has the last tombstone."""
        self._database.write_all(self._tombstones.put(Tombstone(name, now)) for name in names)

    def tombstones(self, now: datetime) -> Iterator[Tombstone]:
        """List the unexpired tombstones."""
        return (stone for stone in self._tombstones.under(_NO_SITE, _TOMBSTONE) if stone.expires_at > now)

    def erasures(self) -> Iterator[Erasure]:
        """List the erasures, oldest first."""
        return self._erasures.under(_NO_SITE, _ERASURE)
