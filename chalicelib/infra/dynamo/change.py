"""A change of one item, written only if the facts of its decision are unchanged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any, Final

from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Database, Key
from chalicelib.infra.dynamo.summary import SUMMARY
from chalicelib.infra.dynamo.values import Item, decode, encode_item
from chalicelib.values import frozen

_NAMES: Final = ("number", "key", "code", "owner", "name", "born_on", "discipline")  # the identity of list elements
_Pair = tuple[Any, Any]  # the understood value, and the value as read


def as_stored(item: Item) -> Item:
    """Convert an item to its decoded form after a read."""
    as_item: Item = decode({"M": encode_item(item)})
    return as_item


def keep_unknown(item_on_file: Item, before: Item, after: Item, former: frozenset[str] = frozenset()) -> Item:
    """Build the new item from `item_on_file`, which was understood as `before` and becomes `after`.

    Unchanged values stay as read. Moved values keep the unknown parts read with them. Changed values keep unknown
    names, except those in `former`, which are still read but no longer written.
    """
    old, new = as_stored(before), as_stored(after)
    item: Item = new if old == item_on_file else _Keeper(former).value(new, (old, item_on_file), ())
    return item


def later_parts(value: Any, old: Any, opaque: frozenset[str], former: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401 - any value
    """Extract the parts that a later version wrote, from `value`, of which `old` is understood. None without any.

    Parts of an attribute in `opaque` are an ellipsis. Names in `former` are still read but no longer written.
    """
    if isinstance(value, list) and isinstance(old, list):
        parts = [later_parts(part, known, opaque, former) for known, part in _alongside(old, value)]
        return [part for part in parts if part is not None] or None
    if not (isinstance(value, dict) and isinstance(old, dict)):
        return None
    later = {name: part for name, part in value.items() if part and name not in {*old, *former}}
    for name in value.keys() & old.keys():
        if (part := later_parts(value[name], old[name], opaque, former)) is not None:
            later[name] = ... if name in opaque else part
    return later or None


class _Keeper:
    def __init__(self, former: frozenset[str]) -> None:
        self._former = former

    def value(self, new: Any, pair: _Pair, around: tuple[_Pair, ...]) -> Any:  # noqa: ANN401 - any value
        """Build a value from its `pair`, inside the maps `around` it, innermost first."""
        before, value = pair
        if before == new and value is not None:
            return value
        if isinstance(new, dict):
            return self._map(new, pair, around)
        if isinstance(new, list):
            places = list(_alongside(before, value)) if isinstance(before, list) and isinstance(value, list) else []
            return [self.value(element, _take(element, places), around) for element in new]
        return new

    def _map(self, new: Item, pair: _Pair, around: tuple[_Pair, ...]) -> Item:
        before, values = pair
        if not (isinstance(before, dict) and isinstance(values, dict)):
            moves = _find_moved(new, around)
            if moves is not None:
                return moves
            before, values = {}, {}
        else:
            around = (pair, *around)
        unknown = {name: kept for name, kept in values.items() if name not in {*before, *new, *self._former}}
        return unknown | {
            name: self.value(value, (before.get(name), values.get(name)), around) for name, value in new.items()
        }


def _alongside(before: Sequence[Any], values: Sequence[Any]) -> Iterator[_Pair]:
    """Pair the elements of a list: by place, or by identity if several were read as one."""
    if len(before) == len(values):
        yield from zip(before, values, strict=True)
    else:
        for element in before:
            same = [other for other in values if _is_same(element, other)]
            yield element, same[0] if len(same) == 1 else None


def _take(element: Any, places: list[_Pair]) -> _Pair:  # noqa: ANN401 - any value
    """Remove and return the pair of an element: an unchanged one, or else one with the same identity."""
    same = (pair for pair in places if pair[0] == element)
    match = next(same, None) or next((pair for pair in places if _is_same(pair[0], element)), None)
    if match is None:
        return (None, None)
    places.remove(match)
    return match


def _is_same(element: Any, other: Any) -> bool:  # noqa: ANN401 - any value
    """Whether two elements are the same object, perhaps changed: a guardian's name, an invoice's number."""
    if not (isinstance(element, dict) and isinstance(other, dict)):
        return False
    names = [element.get(name) for name in _NAMES]
    return any(names) and names == [other.get(name) for name in _NAMES]


def _find_moved(new: Item, around: tuple[_Pair, ...]) -> Item | None:
    """Find the read value of a map that has moved: in the nearest enclosing map that had it, if unambiguous.

    So sent answers, and their copy in a receipt, keep all unknown answers.
    """
    for pair in around:
        matches = [read for before, read in _maps(pair) if before == new]
        if matches:
            return matches[0] if all(read == matches[0] for read in matches) else None
    return None


def _maps(pair: _Pair) -> Iterator[tuple[Item, Item]]:
    before, maps = pair
    if isinstance(before, dict) and isinstance(maps, dict):
        yield before, maps
        for name in before.keys() & maps.keys():
            yield from _maps((before[name], maps[name]))
    elif isinstance(before, list) and isinstance(maps, list):
        for place in _alongside(before, maps):
            yield from _maps(place)


_KEY = frozenset({"site", "identifier"})
_NOTHING: frozenset[str] = frozenset()


@frozen
class Change:
    """The old and new item of one key. The old one is empty for a new item.

    It depends on each attribute that it changes, and on `facts`, as in `base`, the item read, but never on
    `information`. Unknown parts of `base` stay, except names in `former`, which are no longer written.
    """

    before: Item
    after: Item
    facts: frozenset[str] = _NOTHING
    information: frozenset[str] = _NOTHING
    base: Item = field(default_factory=dict)
    former: frozenset[str] = _NOTHING

    def write(self, database: Database, table: str) -> Item:
        """Write the differences if the facts are unchanged, or raise `WriteConflict`. Returns the new item.

        An SDK retry of a write whose answer was lost recognises its own write.
        """
        before, after, changed_names = self.base or as_stored(self.before), self.item, self._changed_names
        if not changed_names:
            return before
        conditions = (changed_names | self.facts) - self.information
        dropped_names = changed_names - after.keys()
        parts = {
            "SET": [f"#{name} = :new_{name}" for name in sorted(changed_names - dropped_names)],
            "REMOVE": [f"#{name}" for name in sorted(dropped_names)],
        }
        values = {f"new_{name}": after[name] for name in changed_names - dropped_names}
        values |= {f"old_{name}": before[name] for name in conditions & before.keys()}
        change = " ".join(f"{verb} {', '.join(names)}" for verb, names in parts.items() if names)
        try:
            database.update(table, _key(after), change, _condition(before, conditions), **values)
        except WriteConflict as error:
            our_values = {name: after.get(name) for name in changed_names - self.information - {SUMMARY}}
            if not our_values or not _holds(error.item, our_values):
                raise
        return after

    @cached_property
    def item(self) -> Item:
        """The new item: the changes, and the rest as read, known or not."""
        item, names = self.base or as_stored(self.before), self._changed_names
        new = keep_unknown(item, self.before, self.after, self.former)
        staying = {name: value for name, value in item.items() if name not in names}
        return staying | {name: value for name, value in new.items() if name in names | _KEY}

    @cached_property
    def _changed_names(self) -> frozenset[str]:
        names = (self.before.keys() | self.after.keys()) - _KEY
        return frozenset(name for name in names if self.before.get(name) != self.after.get(name))


def _key(item: Item) -> Key:
    return {name: item[name] for name in _KEY}


def _condition(before: Item, conditions: frozenset[str]) -> str:
    return " AND ".join(
        f"#{name} = :old_{name}" if name in before else f"attribute_not_exists(#{name})" for name in sorted(conditions)
    )


def _holds(item: Item | None, condition: Mapping[str, Any]) -> bool:
    """Check whether an item already has these values, so that the earlier write was ours."""
    if item is None:
        return False
    return all(item.get(name) == value for name, value in condition.items())
