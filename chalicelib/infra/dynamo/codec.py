"""Codecs: the stored form of a value, derived from its fields. Exceptions are declared beside its store."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cached_property
from types import UnionType
from typing import Any, Final, Generic, Literal, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from chalicelib.infra.dynamo.values import Item, moment
from chalicelib.values import Stored, frozen

V = TypeVar("V")
_Convert = Callable[[Any], Any] | None  # None: stored as it is
_Both = tuple[_Convert, _Convert]


class HasShape(Protocol):
    """How a part of a value is stored: a `Shape`, or the codec of a nested value."""

    @property
    def encode(self) -> Callable[[Any], Any]:
        """Encode a part."""

    @property
    def decode(self) -> Callable[[Any], Any]:
        """Decode a stored part."""


@frozen
class Shape:
    """A pair of functions, for a part that is stored otherwise than its type."""

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


PAIRS: Final = Shape(dict, lambda item: tuple(item.items()))  # pairs stored as a map
_NEVER: Final = object()  # equals no value
_PLAIN: Final[dict[Any, _Both]] = {
    **dict.fromkeys((str, int, bool, Any), (None, None)),
    date: (date.isoformat, date.fromisoformat),
    datetime: (None, moment),
}


class Codec(Generic[V]):
    """The codec of a kind of values: each field is an attribute of its name, left out if equal to its default.

    It is compiled when first used. `keys`: fields that come from the item's key, or the name of its map, and are given
    to `decode`. `names`: attributes named otherwise than their fields. `always`: fields stored even if equal to their
    default. `absent`: defaults of stored fields that have none in the value. `flat`: fields whose own attributes are
    among the value's. `unstored`: fields that are never stored. `shapes`: the shape of a field, by its name, or of a
    type at all depths.
    """

    def __init__(  # noqa: PLR0913 - the parts of a declaration
        self,
        kind: type[V],
        *keys: str,
        names: Mapping[str, str] | None = None,
        always: Collection[str] = (),
        absent: Mapping[str, Any] | None = None,
        flat: Collection[str] = (),
        unstored: Collection[str] = (),
        shapes: Mapping[Any, HasShape] | None = None,
    ) -> None:
        self.kind = kind
        self.keys = keys
        self._names = names or {}
        self._always = always
        self._absent = absent or {}
        self._flat = flat
        self._unstored = {*keys, *unstored, "item"}
        self._shapes = shapes or {}

    def encode(self, value: V) -> dict[str, Any]:
        """Encode a value without its key."""
        item: dict[str, Any] = {}
        parts = vars(value)
        for name, attribute, absent, encode in self._writers:
            part = parts[name]
            if part is None or part == absent:
                continue
            encoded_part = encode(part) if encode else part
            if attribute is None:
                item |= encoded_part
            else:
                item[attribute] = encoded_part
        return item

    def decode(self, item: Item, *keys: Any) -> V:  # noqa: ANN401 - the fields of any key
        """Decode a value. Raises `KeyError` if a field without a default is missing."""
        value = self.kind.__new__(self.kind)
        parts = vars(value)  # filled as by `frozen`, without its checks of arguments
        for name, attribute, default, decode in self._readers:
            if attribute in item:
                encoded_part = item[attribute]
                parts[name] = decode(encoded_part) if decode else encoded_part
            elif default:
                parts[name] = default()
            elif attribute or not decode:
                raise KeyError(attribute)
            else:
                parts[name] = decode(item)
        parts.update(zip(self.keys, keys, strict=False))
        if self._is_stored:
            parts["item"] = item
        return value

    @cached_property
    def attributes(self) -> dict[str, str]:
        """Map each stored field to its attribute, without flat ones."""
        return {name: attribute for name, attribute, *_ in self._writers if attribute}

    @cached_property
    def _is_stored(self) -> bool:
        return issubclass(self.kind, Stored)

    @cached_property
    def _fields(self) -> tuple[tuple["Field[Any]", _Both], ...]:
        hints = get_type_hints(self.kind)
        all_fields = fields(self.kind)  # type: ignore[arg-type] # a dataclass
        stored_fields = (field for field in all_fields if field.name not in self._unstored)
        return tuple(
            (field, self._converters(self._shapes.get(field.name), hints[field.name])) for field in stored_fields
        )

    @cached_property
    def _writers(self) -> tuple[tuple[str, str | None, Any, _Convert], ...]:
        """List each stored field, its attribute (None: flat), the value that is left out, and how it is encoded."""
        return tuple(
            (field.name, self._attribute(field), self._left_out(field), encode) for field, (encode, _) in self._fields
        )

    @cached_property
    def _readers(self) -> tuple[tuple[str, Any, Callable[[], Any] | None, _Convert], ...]:
        """List each field, its attribute (None: flat or unstored), its default, and how it is decoded."""
        by_name = {field.name: (self._attribute(field), decode) for field, (_, decode) in self._fields}
        all_fields: tuple[Field[Any], ...] = fields(self.kind)  # type: ignore[arg-type] # a dataclass
        return tuple(
            (field.name, attribute, None if field.name in self._flat else self._default(field), decode)
            for field in all_fields
            if field.name not in {*self.keys, "item"}
            for attribute, decode in (by_name.get(field.name, (None, None)),)
        )

    def _attribute(self, field: "Field[Any]") -> str | None:
        return None if field.name in self._flat else self._names.get(field.name, field.name)

    def _left_out(self, field: "Field[Any]") -> Any:  # noqa: ANN401 - of any type
        default = None if field.name in self._always else self._default(field)
        return default() if default else _NEVER

    def _default(self, field: "Field[Any]") -> Callable[[], Any] | None:
        default = self._absent.get(field.name, field.default)
        if default is not MISSING:
            return lambda: default
        return field.default_factory if callable(field.default_factory) else None

    def _converters(self, shape: HasShape | None, hint: Any) -> _Both:  # noqa: ANN401 - a type hint
        shape = shape or self._shapes.get(hint)
        if shape:
            return shape.encode, shape.decode
        origin, parts = get_origin(hint), get_args(hint)
        if origin in {Union, UnionType}:
            return self._converters(None, next(part for part in parts if part is not type(None)))
        if origin in _CONTAINERS:
            return _CONTAINERS[origin](*[None if part is ... else self._converters(None, part) for part in parts])
        if is_dataclass(hint) and isinstance(hint, type):
            codec = Codec(hint, shapes={kind: shape for kind, shape in self._shapes.items() if type(kind) is not str})
            return codec.encode, codec.decode
        return (None, None) if origin is Literal else _PLAIN[hint]


def by_key(codec: Codec[Any], *, in_order: bool = False) -> Shape:
    """Store values as a map, each under its key field. `in_order`: sorted by it when read."""
    (key,) = codec.keys

    def decode(item: Item) -> tuple[Any, ...]:
        parts = sorted(item.items()) if in_order else item.items()
        return tuple([codec.decode(part, name) for name, part in parts])

    return Shape(lambda values: {getattr(value, key): codec.encode(value) for value in values}, decode)


def _of_tuple(*elements: _Both | None) -> _Both:
    encoders, decoders = ([convert or _same for convert in both] for both in zip(*filter(None, elements), strict=True))
    if elements[-1] is None:  # of any length
        return _of_each(elements[0] or (None, None), list, tuple)
    return (
        lambda value: [encode(part) for encode, part in zip(encoders, value, strict=True)],
        lambda stored: tuple([decode(part) for decode, part in zip(decoders, stored, strict=False)]),
    )


def _of_set(element: _Both) -> _Both:
    return _of_each(element, sorted, frozenset)


def _of_each(element: _Both, order: Callable[[Any], Any], kind: type) -> _Both:
    encode, decode = element
    return (
        (lambda value: order([encode(part) for part in value])) if encode else order,
        (lambda stored: kind([decode(part) for part in stored])) if decode else kind,
    )


def _of_map(key: _Both, element: _Both) -> _Both:
    if not any((*key, *element)):
        return dict, None
    (encode_key, decode_key), (encode, decode) = ([convert or _same for convert in both] for both in (key, element))
    return (
        lambda value: {encode_key(name): encode(part) for name, part in value.items()},
        lambda stored: {decode_key(name): decode(part) for name, part in stored.items()},
    )


def _same(part: Any) -> Any:  # noqa: ANN401 - of any type
    return part


_CONTAINERS: Final[dict[Any, Callable[..., _Both]]] = {tuple: _of_tuple, frozenset: _of_set, Mapping: _of_map}
