"""CBOR as CTAP2 writes it, read for one thing: where an item ends (canonical form, CTAP 2.1, 8).

Nothing is decoded. What has another form than the only one allowed is no item.
"""

from typing import Final

_DEEPEST: Final = 4  # nested maps and lists: CTAP 2.1, 8
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP, _SIMPLE = 0, 1, 2, 3, 4, 5, 7
_SIMPLE_VALUES: Final = frozenset({20, 21, 22})  # false, true, null
_ONE_BYTE: Final = 24  # from here on, what follows the first byte is the number: 1, 2, 4 or 8 bytes


def end_of_item(data: bytes, start: int, depth: int = 0) -> int:
    """Find where the item that starts here ends. Raises `ValueError` where there is none in canonical form."""
    kind, number, at = _head(data, start)
    if kind in {_UNSIGNED, _NEGATIVE}:
        return at
    if kind in {_BYTES, _TEXT}:
        return _end_of_string(data, at, number, is_text=kind == _TEXT)
    if kind == _SIMPLE and number in _SIMPLE_VALUES:
        return at
    if depth == _DEEPEST or kind not in {_LIST, _MAP}:
        raise ValueError("nested too deep, or a kind that CTAP2 does not write")
    return _end_of_list(data, at, number, depth) if kind == _LIST else _end_of_map(data, at, number, depth)


def _head(data: bytes, start: int) -> tuple[int, int, int]:
    """Read an item's kind and number, written as short as can be, and where what follows starts."""
    if start >= len(data):
        raise ValueError("an item is missing")
    kind, number = data[start] >> 5, data[start] & 0x1F
    at = start + 1
    if number < _ONE_BYTE:
        return kind, number, at
    size = 1 << (number - _ONE_BYTE)
    told = data[at : at + size]
    if size > 8 or len(told) != size or kind == _SIMPLE:  # noqa: PLR2004 - of 64 bits: longer is an indefinite length
        raise ValueError("a number that is cut short, or has no length")
    value = int.from_bytes(told, "big")
    if value < (_ONE_BYTE if size == 1 else 1 << (4 * size)):
        raise ValueError("a number that could be shorter")
    return kind, value, at + size


def _end_of_string(data: bytes, at: int, length: int, *, is_text: bool) -> int:
    end = at + length
    if end > len(data):
        raise ValueError("a string that is cut short")
    if is_text:
        data[at:end].decode()  # a `UnicodeDecodeError` is a `ValueError`
    return end


def _end_of_list(data: bytes, at: int, count: int, depth: int) -> int:
    for _ in range(count):
        at = end_of_item(data, at, depth + 1)
    return at


def _end_of_map(data: bytes, at: int, count: int, depth: int) -> int:
    """Find the end of a map: its keys in order (kind, then length, then bytes), none of them twice."""
    last: tuple[int, int, bytes] | None = None
    for _ in range(count):
        end = end_of_item(data, at, depth + 1)
        key = (data[at] >> 5, end - at, data[at:end])
        if last is not None and key <= last:
            raise ValueError("a map's keys that are not in order")
        last, at = key, end_of_item(data, end, depth + 1)
    return at
