"""The imports of the yearly file, in the staff's table, which no family's function reads. TTL deletes them."""

from datetime import datetime
from typing import Final

from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import Store

_IMPORTS: Final = "@import"  # no site has this prefix


class AppliedImports(Store[str, AppliedImport]):
    """Finds imports and writes them, each by one conditional write."""

    codec = Codec(
        *(AppliedImport, "id"), names={"by": "who"}, always={"rows", "left_out", "families", "counts", "disables_gone"}
    )
    facts = frozenset({"begun_at", "done_at"})

    def key(self, id: str) -> Key:  # noqa: A002 - its name everywhere
        """Build the key of an import."""
        return {"site": _IMPORTS, "identifier": id}

    def computed(self, applied_import: AppliedImport) -> dict[str, datetime]:
        """Return the item's expiry, which the import knows."""
        return {"expires": applied_import.expires_at}

    def all(self, now: datetime) -> tuple[AppliedImport, ...]:
        """List the unexpired imports, newest first (Query)."""
        live = (imported for imported in self.under(_IMPORTS) if imported.expires_at > now)
        return tuple(sorted(live, key=lambda imported: (imported.begun_at, imported.id), reverse=True))
