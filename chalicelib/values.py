"""Values: frozen dataclasses with shared methods, as `dataclass` writes and compiles six for each class.

A start makes over a hundred of them, and takes a sixth less time so (docs/performance.md). They work as any dataclass
with `field`, `fields`, `replace`, `asdict`, `__post_init__`, pydantic and mypy.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, Final, TypeVar, dataclass_transform, overload

Kind = TypeVar("Kind", bound=type)


@overload
def frozen(kind: Kind) -> Kind: ...
@overload
def frozen(*, kw_only: bool) -> Callable[[Kind], Kind]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: Any = None, *, kw_only: bool = False) -> Any:
    """Make a class a frozen dataclass, as `dataclass(frozen=True)` does. Its own methods are kept."""

    def make(kind: Any) -> Any:
        methods = set(vars(kind))
        result = dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(kind)
        for name, method in _METHODS.items():
            if name not in methods:
                setattr(result, name, method)
        return result

    return make(kind) if kind else make


_fields_of: Final = cache(fields)  # by class: the office makes ten thousands of each when it reads a table


@cache
def _places_of(kind: type) -> tuple[str, ...]:
    """List the names of the fields that may be given by place."""
    return tuple(one.name for one in fields(kind) if not one.kw_only)


def _init(self: Any, *values: Any, **by_name: Any) -> None:
    attributes = self.__dict__
    if values:
        _check_places(self, values, by_name)
        attributes.update(zip(_places_of(self.__class__), values, strict=False))
    about = _fields_of(self.__class__)
    if len(attributes) < len(about):
        for attribute in about:
            name = attribute.name
            if name in by_name:
                attributes[name] = by_name.pop(name)
            elif name not in attributes:
                attributes[name] = _default(self, attribute)
    if by_name:
        raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(by_name))}")
    if hasattr(self, "__post_init__"):
        self.__post_init__()


def _check_places(self: Any, values: tuple[Any, ...], by_name: dict[str, Any]) -> None:
    """Check values given by place: not too many, and none of them by name too."""
    names = _places_of(self.__class__)
    if len(values) > len(names):
        raise TypeError(f"{type(self).__name__} takes {len(names)} values by place, and {len(values)} were given")
    if by_name and (twice := by_name.keys() & set(names[: len(values)])):
        raise TypeError(f"{type(self).__name__} was given {', '.join(sorted(twice))} twice")


def _default(self: Any, about: Field[Any]) -> Any:
    if about.default is not MISSING:
        return about.default
    if about.default_factory is not MISSING:
        return about.default_factory()
    raise TypeError(f"{type(self).__name__} lacks {about.name}")


def _repr(self: Any) -> str:
    values = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({values})"


def _compared_values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, one.name) for one in _fields_of(self.__class__) if one.compare)


def _eq(self: Any, other: object) -> bool:
    return _compared_values(self) == _compared_values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_compared_values(self))


def _set(self: Any, name: str, _: object) -> None:
    raise FrozenInstanceError(f"cannot assign to {type(self).__name__}.{name}")


def _delete(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete {type(self).__name__}.{name}")


_METHODS: Final = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__setattr__": _set,
    "__delattr__": _delete,
}


@frozen
class Stored:
    """A value of a table. `item`: as read, so that attributes of a later version stay when it is written again."""

    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False, kw_only=True)


def version_of(value: object) -> str:
    """Compute the version of a value as shown. A form carries it, to detect a concurrent change.

    Defaults do not count: an open form stays valid when the value gets a new field.
    """
    return hashlib.blake2b(repr((_significant_parts(value),)).encode(), digest_size=8).hexdigest()


def _significant_parts(value: object) -> object:
    """List the parts of a value, including those that do not print. Defaults are left out."""
    if isinstance(value, tuple):
        return tuple(map(_significant_parts, value))
    if not is_dataclass(value):
        return value
    parts = {one.name: (getattr(value, one.name), _default_of(one)) for one in fields(value)}
    return {name: _significant_parts(part) for name, (part, default) in parts.items() if part != default}


def _default_of(about: Field[Any]) -> object:
    return about.default if about.default_factory is MISSING else about.default_factory()
