"""The kinds of parts that a wing may add to the office's reads. A wing defines its part in its own module."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.office.declarations import Attribute
from chalicelib.services.office import OfficeServices
from chalicelib.values import frozen


@frozen
class FamilyQuery:
    """The account of a family's file, and the sites of the member who reads it."""

    services: OfficeServices
    account: Account
    sites: Collection[str]
    now: datetime


@frozen
class FamilyPart:
    """Of a family's file: its lookups, in the same round trip, and the value made of their results."""

    name: str
    lookups: Callable[[FamilyQuery], Sequence[Lookup[Any]]]
    value: Callable[[FamilyQuery, Sequence[Any]], Any]


@frozen
class TodayPart:
    """Of « Aujourd'hui »: its facts of a site, kept with the site's own counts."""

    name: str
    reader: Callable[[OfficeServices, str, datetime], Any]


@frozen
class RightsPart:
    """Of subject access and erasure: the value that a store of a wing has under a family's reference.

    `attribute`: the whole of it. `attributes`: those of its kind, and of the kinds in it. `folder`: of its files.
    """

    attribute: Attribute
    store: type[Any]
    attributes: Mapping[type, Mapping[str, Attribute]]
    folder: Callable[[OfficeServices, AccountRef], str] | None = None
