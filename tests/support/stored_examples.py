"""An example of each stored value, with something in every field or only in the required ones, made from its hints."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from chalicelib.infra.dynamo.store import Items

YEARS: Final = {"season": "2027", "year": "2027"}
UNSTORED: Final = {"item", "view", "is_partly_hidden"}
_PLAIN: Final[dict[Any, Callable[[str], Any]]] = {
    str: lambda name: YEARS.get(name, f"the {name}"),
    int: lambda _: 3,
    bool: lambda _: True,
    date: lambda _: date(2026, 11, 4),
    datetime: lambda _: datetime(2026, 9, 1, 7, tzinfo=UTC),
    Any: lambda name: {name: [1, True]},
}


def full(kind: type) -> Any:
    """Make a value with something in every field."""
    return _make(kind, lambda _: True)


def bare(kind: type) -> Any:
    """Make a value with only the required fields."""
    return _make(kind, lambda field: field.default is field.default_factory is MISSING)


def _make(kind: type, is_given: Callable[[Any], bool]) -> Any:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name not in UNSTORED and is_given(field)]
    return kind(**{name: _example(hints[name], name) for name in names})


def _example(hint: Any, name: str) -> Any:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return parts[-1]
    if origin in {Union, UnionType}:
        return _example(next(part for part in parts if part is not type(None)), name)
    if origin is Mapping:
        return {_example(parts[0], name): _example(parts[1], name)}
    if origin in {tuple, frozenset}:
        return origin(_example(part, name) for part in parts if part is not ...)
    return full(hint) if is_dataclass(hint) and isinstance(hint, type) else _PLAIN[hint](name)


def store_of(kind: Any, database: Any = None, table: str = "") -> Any:
    """Make a store without the other stores that its own methods use."""
    store = kind.__new__(kind)
    Items.__init__(store, database, table)
    return store
