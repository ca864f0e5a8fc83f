"""The lookups of a family's bills, and of its payments online."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.dues import OnlinePart
from chalicelib.services.family import Services, Visit
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


def cents_awaited(results: Sequence[Any]) -> int:
    """Sum the cents whose payment online awaits its confirmation, in the results of `lookups`."""
    pairs = zip(parts(OnlinePart), results[1:], strict=True)
    return sum(due.cents for part, result in pairs for due in part.payables(result))


def online_facts(visit: Visit[Services], results: Sequence[Any]) -> Mapping[str, Mapping[str, Any]]:
    """Make the facts of each online part for its templates, by bill, of the results of `lookups`."""
    bills, *of_parts = results
    pairs = zip(parts(OnlinePart), of_parts, strict=True)
    return {part.name: part.facts(visit, result, bills.dues) for part, result in pairs}
