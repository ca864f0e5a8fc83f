"""The lookups of a family's bills, and of its payments online."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.dues import OnlinePart
from chalicelib.services.family import Services
from chalicelib.settings.wings import parts
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.billing.stores import Billing


def look_up(services: Services, ref: AccountRef) -> Lookup[Bills]:
    """Look up a family's bills."""
    return services.store(Billing).lookup(ref)


def lookups(services: Services, ref: AccountRef) -> tuple[Lookup[Any], ...]:
    """List the lookups of a family's bills, and of its payments online."""
    return look_up(services, ref), *(part.look_up(services, ref) for part in parts(OnlinePart))


def with_online(results: Sequence[Any]) -> Bills:
    """Join the results of `lookups`: the bills with the payments online."""
    bills, *of_parts = results
    pairs = zip(parts(OnlinePart), of_parts, strict=True)
    bills_now: Bills = bills.with_received(receipt for part, result in pairs for receipt in part.receipts(result))
    return bills_now
