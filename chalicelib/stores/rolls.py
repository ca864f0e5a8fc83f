"""Rolls in the table of teaching: one item per lesson, saved by one conditional write. TTL deletes them."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.rolls import Roll, RollMark, RollRef
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

_PREFIX: Final = "roll#"
_FACTS: Final = frozenset({"version"})


class Rolls:
    """Finds the rolls of lessons and saves them, without overwriting concurrent ones."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: RollRef) -> Lookup[Roll]:
        """Look up a lesson's roll. Not taken without an item."""
        return Lookup(self._table, _key(ref), lambda item: _roll(ref, item))

    def find(self, ref: RollRef) -> Roll:
        """Find a lesson's roll."""
        return self._database.read(self.lookup(ref))

    def all(self, site: str, course: str = "") -> Iterator[Roll]:
        """List the rolls of a site, or of one course (Query), course by course, oldest first."""
        for item in self._database.items_of(self._table, site, f"{_PREFIX}{course}"):
            key, _, day = item["identifier"].removeprefix(_PREFIX).partition("#")
            yield _roll(RollRef(site, key, date.fromisoformat(day)), item)

    def change(self, before: Roll, after: Roll) -> Roll:
        """Save a roll if unchanged since read, or raise `WriteConflict`."""
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after

    def revise(self, ref: RollRef, decide: Callable[[Roll], Roll], known: Roll | None = None) -> tuple[Roll, Roll]:
        """Change a roll, deciding again each time that another writer came first. Return it before and after."""
        return revise(lambda: self.find(ref), self.change, decide, known, nothing)


def _key(ref: RollRef) -> dict[str, str]:
    return {"site": ref.site, "identifier": f"{_PREFIX}{ref.course}#{ref.day.isoformat()}"}


def item_of(roll: Roll) -> dict[str, Any]:
    """Encode a roll."""
    return _key(roll.ref) | {
        "marks": {pupil.name: {"mark": one.mark, "since": one.since} for pupil, one in roll.marks.items()}
        if roll.taken_at
        else None,
        "taken_at": roll.taken_at,
        "saved_at": roll.saved_at,
        "by": roll.by or None,
        "version": roll.version or None,
        "expires": roll.expires_at if roll.taken_at else None,
    }


def _roll(ref: RollRef, item: Item | None) -> Roll:
    if item is None:
        return Roll(ref)
    return Roll(
        ref,
        {
            PupilRef.parse(name): RollMark(one["mark"], moment(one["since"]))
            for name, one in item.get("marks", {}).items()
        },
        moment_or_none(item.get("taken_at")),
        moment_or_none(item.get("saved_at")),
        item.get("by", ""),
        item.get("version", ""),
        item,
    )
