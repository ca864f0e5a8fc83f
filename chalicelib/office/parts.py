"""The kinds of parts that a wing may add to the office's reads. A wing defines its part in its own module."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.search.search import Match
from chalicelib.domain.search.summaries import AccountSummary
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
class FamilySearch:
    """Of « Recherche »: the families of some sites by a number that a wing gave them."""

    matches: Callable[[OfficeServices, str, Sequence[str]], list[tuple[AccountRef, Match]]]


class OpenedFile(NamedTuple):
    """A file that a session opened: its address, its name, and its site or number."""

    path: str
    name: str
    identity: str


@frozen
class FileSearch:
    """Of « Recherche »: files of a wing, which have no site, each with a number (`AccountSummary.identifier`).

    `number`: that of a file at some sites which a text spells, None for another text. Raises `OfficeRefusal`.
    `lookup`: of a file by the parts of its key. `link`: None for a file that is not at some sites.
    """

    path: Callable[[str], str]
    summaries: Callable[[OfficeServices, Collection[str], datetime], Iterable[AccountSummary]]
    number: Callable[[OfficeServices, str, Collection[str]], str | None]
    lookup: Callable[[OfficeServices, str, str], Lookup[Any]]
    link: Callable[[Any, Collection[str]], OpenedFile | None]


@frozen
class RightsPart:
    """Of subject access and erasure: the value that a store of a wing has under a family's reference.

    `attribute`: the whole of it. `attributes`: those of its kind, and of the kinds in it. `folder`: of its files.
    `keep`: takes names out of data that the law keeps beside an erasure, and returns whether there are some.
    `join`: puts in order a value that a merge made of those of two accounts.
    """

    attribute: Attribute
    store: type[Any]
    attributes: Mapping[type, Mapping[str, Attribute]]
    folder: Callable[[OfficeServices, AccountRef], str] | None = None
    keep: Callable[[OfficeServices, AccountRef], bool] | None = None
    join: Callable[[Any], Any] | None = None


@frozen
class DeclaredData:
    """Of subject access: the attributes of a wing's kinds, in data that the core or the wing reads itself.

    `rename`: in data shared with others, gives a merged family's to the account that stays, by its former reference.
    """

    attributes: Mapping[type, Mapping[str, Attribute]]
    rename: Callable[[OfficeServices, Account, AccountRef, datetime], None]
