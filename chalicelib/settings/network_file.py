"""`network.toml`: read, and checked by pydantic, before it is run, packaged or deployed. No function loads this."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from chalicelib.settings.look_files import LookRefused, read_look
from chalicelib.settings.network import Network
from chalicelib.wings import ALL_WINGS

_STATE: Final = ("accessibility", "state")
_OF_CALLS: Final = "unexpected_keyword_argument"  # pydantic's error for an unknown key of a dataclass


@cache
def _network() -> TypeAdapter[Network]:
    return TypeAdapter(Network)


def read(path: Path, stage: Mapping[str, Any]) -> Network:
    """Read the network of a file. The stage's values take precedence, before the check.

    Raises pydantic's ValidationError, without values, or `TOMLDecodeError` with the line.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8")) | dict(stage)
    _refuse_state(tables)
    _refuse_unknown_wings(tables)
    try:
        network = _network().validate_python(tables)
        return replace(network, look=read_look(network.look, path.parent))
    except ValidationError as error:
        raise _validation_error(map(_mistake, error.errors(include_input=False, include_url=False))) from None
    except LookRefused as error:
        why = PydanticCustomError("look", "{why}", {"why": str(error)})
        mistake = InitErrorDetails(type=why, loc=("look", error.setting), input=None)
        raise _validation_error([mistake]) from None


def _mistake(error: ErrorDetails) -> InitErrorDetails:
    kind, words = error["type"], error["msg"]
    if kind == _OF_CALLS:
        kind, words = "extra_forbidden", "Extra inputs are not permitted"
    return InitErrorDetails(type=PydanticCustomError(kind, words), loc=error["loc"], input=None)


def _refuse_state(tables: Mapping[str, Any]) -> None:
    """Refuse a state set by hand, with a more helpful reason than « unexpected »."""
    part, name = _STATE
    if name in tables.get(part, ()):
        why = PydanticCustomError("written", "the state is derived from the audit: remove this line")
        raise _validation_error([InitErrorDetails(type=why, loc=_STATE, input=None)])


def _refuse_unknown_wings(tables: Mapping[str, Any]) -> None:
    names = [wing.name for wing in ALL_WINGS]
    wings = tables.get("wings")
    if isinstance(wings, list) and any(name not in names for name in wings):
        why = PydanticCustomError("unknown_wing", "the wings are {names}", {"names": ", ".join(names)})
        raise _validation_error([InitErrorDetails(type=why, loc=("wings",), input=None)])


def _validation_error(mistakes: Iterable[InitErrorDetails]) -> ValidationError:
    return ValidationError.from_exception_data("Network", list(mistakes), hide_input=True)
