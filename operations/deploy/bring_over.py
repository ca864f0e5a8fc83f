"""Stored data of versions before 2026-11-30, and seals of former keys, brought to the form that the functions read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.batches import batches
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.stores.dynamo import Database, Delete, Put
from chalicelib.stores.mailboxes import entry_name
from operations.deploy.commands import Tell
from operations.deploy.former_seal import FormerSeal
from operations.deploy.keys import Keys

_SEALED: Final = re.compile(r"(?:[0-9a-f]{2})+", re.ASCII)
_AT_ONCE: Final = 25  # items in a BatchWriteItem


@dataclass(frozen=True)
class BringOver:
    """The tables of a stage, by the template's names, and its keys. Each act may be done again, and then finds nothing.

    An item is changed if it is as it was read, and what is read by one version is deleted after what another reads was
    written: stopped anywhere, the functions of both versions find theirs.
    """

    database: Database
    tables: Mapping[str, str]
    keys: Keys = field(repr=False)
    tell: Tell

    def enter(self) -> None:
        """Write what the functions read, beside the former seals."""
        entries = [(table, site, entry_name(ref)) for table, site, _, ref in self._sealed_entries()]
        self._write(Put(table, {"site": site, "identifier": name}) for table, site, name in entries)
        if entries:
            self.tell(f"  {len(entries):,} accounts of addresses entered under their names")

    def seal_again(self) -> None:
        """Seal under the newest key what an earlier one sealed."""

    def end_former(self) -> None:
        """Delete the former seals, which nothing reads any more."""
        self._write(
            Delete(table, {"site": site, "identifier": sealed}) for table, site, sealed, _ in self._sealed_entries()
        )

    def _sealed_entries(self) -> Iterator[tuple[str, str, str, AccountRef]]:
        """List the accounts of addresses that a former version sealed: table, address, seal, account."""
        table, seal = self.tables["Mailboxes"], FormerSeal(self.keys.record_key, "account of a mailbox")
        for item in self.database.items(table) if table else ():
            sealed = item["identifier"]
            words = seal.open(bytes.fromhex(sealed)) if _SEALED.fullmatch(sealed) else None
            if words:
                yield table, item["site"], sealed, AccountRef(*words)

    def _write(self, writes: Iterable[Put | Delete]) -> None:
        for some in batches(writes, _AT_ONCE):
            self.database.write_together(*some)
