"""Values in DynamoDB's format: texts, numbers, booleans, times, lists and maps."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.values import frozen

Item = Mapping[str, Any]


@frozen
class Foreign:
    """A value of a kind that this version never writes (a set, bytes, a fraction, null). It is rewritten unchanged."""

    kind: str
    content: Any


def encode(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any value DynamoDB can hold
    """Encode a text, number, boolean, time (whole seconds), list or map as an attribute value."""
    match value:
        case bool() | str():
            return {"BOOL" if isinstance(value, bool) else "S": value}
        case int():
            return {"N": str(value)}
        case datetime():
            return {"N": str(int(value.timestamp()))}
        case list() | tuple():
            return {"L": [encode(element) for element in value]}
        case Foreign():
            return {value.kind: value.content}
        case _:
            return {"M": encode_item(value)}


def encode_item(item: Item) -> dict[str, Any]:
    """Encode an item. Attributes that are None are left out."""
    return {name: encode(value) for name, value in item.items() if value is not None}


def size_of(value: Any) -> int:  # noqa: ANN401 - any value DynamoDB can hold
    """Compute the size of a value in bytes, as DynamoDB or slightly more: names and texts in UTF-8, lists and maps."""
    match value:
        case None | bool():
            return int(value is not None)
        case str():
            return len(value.encode())
        case int() | datetime():
            return 21
        case Foreign():
            return len(repr(value.content))
        case list() | tuple():
            return 3 + sum(1 + size_of(element) for element in value)
        case _:
            return 3 + sum(1 + len(name.encode()) + size_of(element) for name, element in value.items())


def decode(value: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value DynamoDB can hold
    """Decode an attribute value. A time comes back as whole seconds (see `moment`)."""
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return int(content) if float(content).is_integer() else Foreign(kind, content)
        case "L":
            return [decode(element) for element in content]
        case "M":
            return {name: decode(element) for name, element in content.items()}
        case "S" | "BOOL":
            return content
        case _:
            return Foreign(kind, content)


def moment(seconds: int) -> datetime:
    """Convert whole seconds to a time."""
    return datetime.fromtimestamp(seconds, UTC)


def moment_or_none(seconds: int | None) -> datetime | None:
    """Convert whole seconds to a time, or None."""
    return None if seconds is None else moment(seconds)
