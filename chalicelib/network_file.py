"""`network.toml`: read, and checked by pydantic, before it is run, packaged or deployed. No function loads this."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from chalicelib.network import Network

_STATE = ("accessibility", "state")


@cache
def _network() -> TypeAdapter[Network]:
    return TypeAdapter(Network)


def read(path: Path) -> Network:
    """Read the network that a file describes. Raises pydantic's ValidationError, or `TOMLDecodeError` with the line."""
    described = tomllib.loads(path.read_text(encoding="utf-8"))
    _refuse_state(described)
    return _network().validate_python(described)


def _refuse_state(described: dict[str, Any]) -> None:
    """Refuse a state that somebody wrote, with a reason that « unexpected » would not tell."""
    part, name = _STATE
    if name in described.get(part, ()):
        why = PydanticCustomError("written", "the state is worked out of the audit: take the line out")
        raise ValidationError.from_exception_data(
            "Network", [InitErrorDetails(type=why, loc=_STATE, input=None)], hide_input=True
        )
