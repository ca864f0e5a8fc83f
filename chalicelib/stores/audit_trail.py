"""The office's acts, in the office's table, by site and account's pseudonym, and erasures, by date only."""

import secrets
from collections.abc import Iterator
from typing import Final

from chalicelib.domain.account.audit import AuditEntry, Author, Erasure
from chalicelib.infra.dynamo.database import Database, Delete, Put
from chalicelib.infra.dynamo.values import Item, moment

_PREFIX: Final = "act#"
_NO_SITE: Final = "*"  # no site has this code
_ERASURE: Final = "erasure#"


class AuditTrail:
    """Records acts, lists those on one account, and deletes them with it."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def add(self, entry: AuditEntry) -> None:
        """Record an act."""
        self._database.write_together(
            Put(
                self._table,
                {
                    "site": entry.site,
                    "identifier": f"{_PREFIX}{entry.account}#{entry.at.isoformat()}#{secrets.token_hex(4)}",
                    "kind": entry.kind,
                    "account": entry.account,
                    "who": entry.author.who,
                    "why": entry.author.why,
                    "at": entry.at,
                },
            )
        )

    def on(self, site: str, account: str) -> Iterator[AuditEntry]:
        """List the acts on an account, oldest first."""
        return map(_act, self._items(site, account))

    def of_site(self, site: str) -> Iterator[AuditEntry]:
        """List the acts on all accounts of a site, account by account."""
        return map(_act, self._database.items_of(self._table, site, _PREFIX))

    def deletions(self, site: str, account: str) -> Iterator[Delete]:
        """Delete the acts on an account."""
        keys = ({name: item[name] for name in ("site", "identifier")} for item in self._items(site, account))
        return (Delete(self._table, key) for key in keys)

    def add_erasure(self, erasure: Erasure) -> None:
        """Record an erasure at its start, and overwrite it at its end."""
        self._database.write_together(
            Put(
                self._table,
                {
                    "site": _NO_SITE,
                    "identifier": f"{_ERASURE}{erasure.at.isoformat()}#{erasure.name}",
                    "at": erasure.at,
                    "who": erasure.who,
                    "reason": erasure.reason,
                    "asked": dict(erasure.asked),
                    "erased": None if erasure.erased is None else dict(erasure.erased),
                },
            )
        )

    def erasures(self) -> Iterator[Erasure]:
        """List the erasures, oldest first."""
        return map(_erasure, self._database.items_of(self._table, _NO_SITE, _ERASURE))

    def _items(self, site: str, account: str) -> Iterator[Item]:
        return self._database.items_of(self._table, site, f"{_PREFIX}{account}#")


def _act(item: Item) -> AuditEntry:
    return AuditEntry(item["kind"], item["site"], item["account"], Author(item["who"], item["why"]), moment(item["at"]))


def _erasure(item: Item) -> Erasure:
    return Erasure(
        name=item["identifier"].rpartition("#")[2],
        at=moment(item["at"]),
        who=item["who"],
        reason=item["reason"],
        asked=tuple(sorted(item["asked"].items())),
        erased=tuple(sorted(item["erased"].items())) if "erased" in item else None,
    )
