"""The imports of the yearly file, in the staff's table, which no family's function reads. TTL deletes them."""

from datetime import datetime
from typing import Any, Final

from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

_IMPORTS: Final = "@import"  # no site has this prefix
_FACTS: Final = frozenset({"begun_at", "done_at"})


class AppliedImports:
    """Finds imports and writes them, each by one conditional write."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def find(self, id: str) -> AppliedImport | None:  # noqa: A002 - its name everywhere
        """Find an import."""
        return self._database.read(Lookup(self._table, _key(id), _import))

    def all(self, now: datetime) -> tuple[AppliedImport, ...]:
        """List the unexpired imports, newest first (Query)."""
        imports = filter(None, map(_import, self._database.items_of(self._table, _IMPORTS)))
        live = (imported for imported in imports if imported.expires_at > now)
        return tuple(sorted(live, key=lambda imported: (imported.begun_at, imported.id), reverse=True))

    def write(self, before: AppliedImport | None, after: AppliedImport) -> None:
        """Write an import, if it is still as it was found, or still missing. Raises `WriteConflict`."""
        Change(_item(before) if before else {}, _item(after), _FACTS).write(self._database, self._table)


def _key(id: str) -> dict[str, str]:  # noqa: A002 - its name everywhere
    return {"site": _IMPORTS, "identifier": id}


def _item(imported: AppliedImport) -> dict[str, Any]:
    return _key(imported.id) | {
        "door": imported.door,
        "who": imported.by,
        "begun_at": imported.begun_at,
        "sha256": imported.sha256,
        "file": imported.file or None,
        "rows": imported.rows,
        "left_out": imported.left_out,
        "families": imported.families,
        "counts": dict(imported.counts),
        "disables_gone": imported.disables_gone,
        "done_at": imported.done_at,
        "expires": imported.expires_at,
    }


def _import(item: Item | None) -> AppliedImport | None:
    if item is None:
        return None
    return AppliedImport(
        id=item["identifier"],
        door=item["door"],
        by=item["who"],
        begun_at=moment(item["begun_at"]),
        sha256=item["sha256"],
        file=item.get("file", ""),
        rows=item["rows"],
        left_out=item["left_out"],
        families=item["families"],
        counts=item["counts"],
        disables_gone=item["disables_gone"],
        done_at=moment_or_none(item.get("done_at")),
    )
