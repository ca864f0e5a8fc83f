"""Teachers, in the staff's table: the names linked to members of staff, and the courses lent to them."""

import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final

from chalicelib.domain.teaching.teachers import Link, Share, Teacher
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.values import Item

_TEACHERS: Final = "@teacher"
_LENT: Final = "@lent"  # no site has this prefix
_FACTS: Final = frozenset({"version"})


class Teachers:
    """Finds teachers and changes them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, email: str) -> Lookup[Teacher]:
        """Look up the teacher of a member. Empty without an item."""
        return Lookup(self._table, _key(email), lambda item: _teacher(email, item))

    def find(self, email: str) -> Teacher:
        """Find the teacher of a member."""
        return self._database.read(self.lookup(email))

    def all(self) -> Iterator[Teacher]:
        """List all teachers, by address (Query)."""
        for item in self._database.items_of(self._table, _TEACHERS):
            yield _teacher(item["identifier"], item)

    def revise(self, email: str, decide: Callable[[Teacher], Teacher]) -> tuple[Teacher, Teacher]:
        """Change a teacher, deciding again each time that another writer came first. Return it before and after.

        Raises `Unavailable`, and the errors of `decide`.
        """
        return revise(lambda: self.find(email), self._change, decide, None, nothing)

    def lookup_loans(self, site: str, course: str) -> Lookup[str]:
        """Look up the version of a course's loans. Empty if it was never lent."""
        return Lookup(self._table, _lent_key(site, course), lambda item: item["version"] if item else "")

    def take_turn(self, site: str, course: str, seen: str, expires: datetime) -> None:
        """Take the lock to lend a course or take it back: of two requests with the same version, one gets it.

        Shares are stored on their teachers' items, so without it two substitutes could be written concurrently. Raises
        `WriteConflict`.
        """
        key = _lent_key(site, course)
        before = key | ({"version": seen} if seen else {})
        after = key | {"version": secrets.token_hex(8), "expires": expires}
        Change(before, after, information=frozenset({"expires"})).write(self._database, self._table)

    def _change(self, before: Teacher, after: Teacher) -> Teacher:
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after


def _key(email: str) -> dict[str, str]:
    return {"site": _TEACHERS, "identifier": email}


def _lent_key(site: str, course: str) -> dict[str, str]:
    return {"site": _LENT, "identifier": f"{site}#{course}"}


def item_of(teacher: Teacher) -> dict[str, Any]:
    """Encode a teacher."""
    return _key(teacher.email) | {
        "links": [{"site": link.site, "name": link.name} for link in teacher.links] or None,
        "shares": [
            {
                "site": share.site,
                "teacher": share.teacher,
                "course": share.course,
                "first_on": share.first_on.isoformat(),
                "last_on": share.last_on.isoformat(),
                "by": share.by,
            }
            for share in teacher.shares
        ]
        or None,
        "calendar": teacher.calendar or None,
        "version": teacher.version or None,
    }


def _teacher(email: str, item: Item | None) -> Teacher:
    if item is None:
        return Teacher(email)
    return Teacher(
        email,
        tuple(Link(link["site"], link["name"]) for link in item.get("links", ())),
        tuple(map(_share, item.get("shares", ()))),
        item.get("calendar", ""),
        item.get("version", ""),
        item,
    )


def _share(item: Item) -> Share:
    return Share(
        item["site"],
        item["teacher"],
        item["course"],
        date.fromisoformat(item["first_on"]),
        date.fromisoformat(item["last_on"]),
        item["by"],
    )
