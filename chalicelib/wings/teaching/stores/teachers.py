"""Teachers, in the staff's table: the names linked to members of staff, and the courses lent to them."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key, Lookup
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.wings.teaching.domain.teachers import Share, Teacher

_TEACHERS: Final = "@teacher"
_LENT: Final = "@lent"  # no site has this prefix


class Teachers(DefaultStore[str, Teacher]):
    """Finds the teacher of a member, by address, and changes it, without overwriting concurrent changes."""

    codec = Codec(Teacher, "email", shapes={Share: Codec(Share, always={"by"})})
    facts = frozenset({"version"})

    def key(self, email: str) -> Key:
        """Build the key of a teacher."""
        return {"site": _TEACHERS, "identifier": email}

    def key_fields(self, key: Key) -> tuple[str]:
        """Parse the key of a teacher."""
        return (key["identifier"],)

    def all(self) -> Iterator[Teacher]:
        """List all teachers, by address (Query)."""
        return self.under(_TEACHERS)

    def lookup_loans(self, site: str, course: str) -> Lookup[str]:
        """Look up the version of a course's loans. Empty if it was never lent."""
        return Lookup(self._table, _lent_key(site, course), lambda item: item["version"] if item else "")

    def take_turn(self, site: str, course: str, version: str, expires: datetime) -> None:
        """Take the lock to lend a course or take it back: of two requests with the same version, one gets it.

        Shares are stored on their teachers' items, so without it two substitutes could be written concurrently. Raises
        `WriteConflict`.
        """
        key = _lent_key(site, course)
        before = key | ({"version": version} if version else {})
        after = key | {"version": secrets.token_hex(8), "expires": expires}
        Change(before, after, information=frozenset({"expires"})).write(self._database, self._table)


def _lent_key(site: str, course: str) -> dict[str, str]:
    return {"site": _LENT, "identifier": f"{site}#{course}"}
