"""Whose turn each file is, in the staff's table."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.staff.turns import Turn
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore

_TURN: Final = "@turn#"  # followed by the site. No site has this prefix. Or by the word in its place


class Turns(DefaultStore[str, str, Turn]):
    """Finds the turn of a file by its site and identifier, changes it, and lists those of a site."""

    codec = Codec(Turn, "site", "identifier")

    def key(self, site: str, identifier: str) -> Key:
        """Build the key of a file's turn."""
        return {"site": f"{_TURN}{site}", "identifier": identifier}

    def key_fields(self, key: Key) -> tuple[str, str]:
        """Parse the family in the key of a turn."""
        return key["site"].removeprefix(_TURN), key["identifier"]

    def of_site(self, site: str) -> Iterator[Turn]:
        """List the turns of a site's files, by identifier (Query)."""
        return self.under(f"{_TURN}{site}")
