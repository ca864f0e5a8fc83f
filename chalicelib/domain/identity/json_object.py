"""Strict parsing of an untrusted JSON object."""

import json
from typing import Any


def json_object(text: bytes) -> dict[str, Any]:
    """Parse a JSON object without duplicate names. Raises `ValueError`."""
    try:
        value = json.loads(text.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - about the input, not an argument
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("the same name twice")
    return members


def _no_number(name: str) -> None:
    raise ValueError(name)
