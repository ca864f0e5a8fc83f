"""A change of one item, written only if the facts of its decision are unchanged."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Database, Key
from chalicelib.infra.dynamo.unknown_attributes import as_stored, keep_unknown
from chalicelib.infra.dynamo.values import Item
from chalicelib.values import frozen

_KEY = frozenset({"site", "identifier"})
_NOTHING: frozenset[str] = frozenset()


@frozen
class Change:
    """The old and new item of one key. The old one is empty for a new item.

    It depends on each attribute that it changes, and on `facts`, as `read`, but never on `information`. Unknown parts
    of
    `read` stay, except names in `former`, which are no longer written. `derived` attributes are corrected by any write,
    as an earlier version may have left them outdated.
    """

    before: Item
    after: Item
    facts: frozenset[str] = _NOTHING
    information: frozenset[str] = _NOTHING
    read: Item = field(default_factory=dict)
    former: frozenset[str] = _NOTHING
    derived: frozenset[str] = _NOTHING

    def write(self, database: Database, table: str) -> Item:
        """Write the differences if the facts are unchanged, or raise `WriteConflict`. Returns the new item.

        An SDK retry of a write whose answer was lost recognises its own write.
        """
        before, after, changed = self.read or as_stored(self.before), self.item, self._changed_names
        if not changed:
            return before
        conditions = (changed | self.facts) - self.information
        gone = changed - after.keys()
        parts = {
            "SET": [f"#{name} = :new_{name}" for name in sorted(changed - gone)],
            "REMOVE": [f"#{name}" for name in sorted(gone)],
        }
        values = {f"new_{name}": after[name] for name in changed - gone}
        values |= {f"old_{name}": before[name] for name in conditions & before.keys()}
        change = " ".join(f"{verb} {', '.join(names)}" for verb, names in parts.items() if names)
        try:
            database.update(table, _key(after), change, _condition(before, conditions), **values)
        except WriteConflict as lost:
            ours = {name: after.get(name) for name in changed - self.information - self.derived}
            if not ours or not _holds(lost.item, ours):
                raise
        return after

    @cached_property
    def item(self) -> Item:
        """The new item: the changes, and the rest as read, known or not."""
        read, changed = self.read or as_stored(self.before), self._changed_names
        new = {**keep_unknown(read, self.before, self.after, self.former)}
        new |= {name: self.after[name] for name in changed & self.derived if name in self.after}
        staying = {name: value for name, value in read.items() if name not in changed}
        return staying | {name: value for name, value in new.items() if name in changed | _KEY}

    @cached_property
    def _changed_names(self) -> frozenset[str]:
        names = (self.before.keys() | self.after.keys()) - _KEY
        changed = frozenset(name for name in names if self.before.get(name) != self.after.get(name))
        return changed | self._stale_names if changed else changed

    @property
    def _stale_names(self) -> frozenset[str]:
        return frozenset(name for name in self.derived if self.read and self.read.get(name) != self.after.get(name))


def _key(item: Item) -> Key:
    return {name: item[name] for name in _KEY}


def _condition(before: Item, conditions: frozenset[str]) -> str:
    return " AND ".join(
        f"#{name} = :old_{name}" if name in before else f"attribute_not_exists(#{name})" for name in sorted(conditions)
    )


def _holds(item: Item | None, wanted: Mapping[str, Any]) -> bool:
    """Check whether an item already has these values, so that the earlier write was ours."""
    if item is None:
        return False
    return all(item.get(name) == value for name, value in wanted.items())
