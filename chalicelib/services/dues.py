"""The parts by which a wing of bills and a wing of payments know of each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.dues import OnlineReceipt, Payable
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Services, Visit
from chalicelib.values import frozen

Find = Callable[[Services, AccountRef], Lookup[Any]]


@frozen
class DuesPart:
    """Of the wing of bills: a family's bills, by a lookup that a page makes with its own."""

    look_up: Find
    dues: Callable[[Any], tuple[Payable, ...]]


@frozen
class OnlinePart:
    """Of a wing of payments: its amounts from a family, and the facts for the templates of its name about each bill.

    `payables`: the bills whose payment is under way or to be checked, as they were when it began. `facts`: by bill.
    `of_site`: the receipts and payables of each family of a site.
    """

    name: str
    look_up: Find
    receipts: Callable[[Any], tuple[OnlineReceipt, ...]]
    payables: Callable[[Any], tuple[Payable, ...]]
    facts: Callable[[Visit[Services], Any, Sequence[Payable]], Mapping[str, Any]]
    of_site: Callable[[Services, str], Iterator[tuple[AccountRef, tuple[OnlineReceipt, ...], tuple[Payable, ...]]]]
