"""What an item holds that this version does not know: kept when the item is written again (docs/decisions/0048)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from chalicelib.stores.values import Item, decode, encode_item

_NAMES: Final = ("number", "key", "code", "owner", "name", "born_on", "discipline")  # by which elements are known
_Pair = tuple[Any, Any]  # what was understood, and what was read


def as_stored(item: Item) -> Item:
    """Convert an item to what comes back when it is read."""
    stored: Item = decode({"M": encode_item(item)})
    return stored


def keep_unknown(read: Item, before: Item, after: Item, former: frozenset[str] = frozenset()) -> Item:
    """Build what is written in the place of `read`, which was understood as `before` and shall be `after`.

    What is as it was understood stays as it was read; what is moved takes along what was read with it; in what
    changes, names that were not understood stay, unless they are `former`: read still, and written no more.
    """
    understood, new = as_stored(before), as_stored(after)
    item: Item = new if understood == read else _Keeper(former).value(new, (understood, read), ())
    return item


class _Keeper:
    def __init__(self, former: frozenset[str]) -> None:
        self._former = former

    def value(self, new: Any, pair: _Pair, around: tuple[_Pair, ...]) -> Any:  # noqa: ANN401 - any value
        """Build a value that stood as `pair` in the maps `around` it, innermost first."""
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
    """Pair the elements of a list: in their order, or where some were read as one, by what they are called."""
    if len(before) == len(read):
        yield from zip(before, read, strict=True)
    else:
        for element in before:
            same = [other for other in read if _is_same(element, other)]
            yield element, same[0] if len(same) == 1 else None


def _take(element: Any, places: list[_Pair]) -> _Pair:  # noqa: ANN401 - any value
    """Take out of `places` the one of an element: where it is unchanged, else where it is called so."""
    unchanged = (pair for pair in places if pair[0] == element)
    found = next(unchanged, None) or next((pair for pair in places if _is_same(pair[0], element)), None)
    if found is None:
        return (None, None)
    places.remove(found)
    return found


def _is_same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any value
    """Check whether two elements are one thing, maybe changed: a guardian of this name, an invoice of this number."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return False
    called = [one.get(name) for name in _NAMES]
    return any(called) and called == [other.get(name) for name in _NAMES]


def _find_moved(new: Item, around: tuple[_Pair, ...]) -> Item | None:
    """Find what was read where this very map stood before: in the nearest map that had it, if all of it there agrees.

    So answers that are sent, and the copy of them that a receipt keeps, hold all that was answered.
    """
    for pair in around:
        found = [read for before, read in _maps(pair) if before == new]
        if found:
            return found[0] if all(read == found[0] for read in found) else None
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
