"""Unknown parts of an item, written by another version: kept when the item is written (docs/decisions/0048)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from chalicelib.infra.dynamo.values import Item, decode, encode_item

_NAMES: Final = ("number", "key", "code", "owner", "name", "born_on", "discipline")  # the identity of list elements
_Pair = tuple[Any, Any]  # the understood value, and the value as read


def as_stored(item: Item) -> Item:
    """Convert an item to its decoded form after a read."""
    stored: Item = decode({"M": encode_item(item)})
    return stored


def keep_unknown(read: Item, before: Item, after: Item, former: frozenset[str] = frozenset()) -> Item:
    """Build the new item from `read`, which was understood as `before` and becomes `after`.

    Unchanged values stay as read. Moved values keep the unknown parts read with them. Changed values keep unknown
    names, except those in `former`, which are still read but no longer written.
    """
    understood, new = as_stored(before), as_stored(after)
    item: Item = new if understood == read else _Keeper(former).value(new, (understood, read), ())
    return item


class _Keeper:
    def __init__(self, former: frozenset[str]) -> None:
        self._former = former

    def value(self, new: Any, pair: _Pair, around: tuple[_Pair, ...]) -> Any:  # noqa: ANN401 - any value
        """Build a value from its `pair`, inside the maps `around` it, innermost first."""
        before, read = pair
        if before == new and read is not None:
            return read
        if isinstance(new, dict):
            return self._map(new, pair, around)
        if isinstance(new, list):
            places = list(_alongside(before, read)) if isinstance(before, list) and isinstance(read, list) else []
            return [self.value(element, _take(element, places), around) for element in new]
        return new

    def _map(self, new: Item, pair: _Pair, around: tuple[_Pair, ...]) -> Item:
        before, read = pair
        if not (isinstance(before, dict) and isinstance(read, dict)):
            moved = _find_moved(new, around)
            if moved is not None:
                return moved
            before, read = {}, {}
        else:
            around = (pair, *around)
        unknown = {name: kept for name, kept in read.items() if name not in {*before, *new, *self._former}}
        return unknown | {
            name: self.value(value, (before.get(name), read.get(name)), around) for name, value in new.items()
        }


def _alongside(before: Sequence[Any], read: Sequence[Any]) -> Iterator[_Pair]:
    """Pair the elements of a list: by place, or by identity if several were read as one."""
    if len(before) == len(read):
        yield from zip(before, read, strict=True)
    else:
        for element in before:
            same = [other for other in read if _is_same(element, other)]
            yield element, same[0] if len(same) == 1 else None


def _take(element: Any, places: list[_Pair]) -> _Pair:  # noqa: ANN401 - any value
    """Remove and return the pair of an element: an unchanged one, or else one with the same identity."""
    unchanged = (pair for pair in places if pair[0] == element)
    match = next(unchanged, None) or next((pair for pair in places if _is_same(pair[0], element)), None)
    if match is None:
        return (None, None)
    places.remove(match)
    return match


def _is_same(element: Any, other: Any) -> bool:  # noqa: ANN401 - any value
    """Whether two elements are the same object, perhaps changed: a guardian's name, an invoice's number."""
    if not (isinstance(element, dict) and isinstance(other, dict)):
        return False
    called = [element.get(name) for name in _NAMES]
    return any(called) and called == [other.get(name) for name in _NAMES]


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
    before, read = pair
    if isinstance(before, dict) and isinstance(read, dict):
        yield before, read
        for name in before.keys() & read.keys():
            yield from _maps((before[name], read[name]))
    elif isinstance(before, list) and isinstance(read, list):
        for place in _alongside(before, read):
            yield from _maps(place)
