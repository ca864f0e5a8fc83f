"""The wings, in the order in which pages show their parts. Modules that compose them read this tuple (decision 149)."""

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from chalicelib.wings.admission import ADMISSION
from chalicelib.wings.billing import BILLING
from chalicelib.wings.campaign import CAMPAIGN
from chalicelib.wings.teaching import TEACHING
from chalicelib.wings.wing import Wing, load

Kind = TypeVar("Kind")

WINGS: Final[tuple[Wing, ...]] = (ADMISSION, BILLING, CAMPAIGN, TEACHING)


def routes(function: str) -> Iterator[Any]:
    """Import the blueprints that wings add to a function."""
    return (load(place) for wing in WINGS for place in wing.routes.get(function, ()))


def parts(kind: type[Kind]) -> tuple[Kind, ...]:
    """Import the parts of one kind that wings add to pages of the core."""
    return tuple(load(place) for wing in WINGS for place in wing.parts.get(kind.__name__, ()))
