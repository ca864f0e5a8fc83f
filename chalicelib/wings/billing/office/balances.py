"""The families of some sites by state of their bills, and the sums of all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.dues import OnlineReceipt
from chalicelib.domain.search.search import Match
from chalicelib.domain.text import fold
from chalicelib.office.parts import FamilyPart, FamilySearch
from chalicelib.services.dues import OnlinePart
from chalicelib.services.family import Services, Visit
from chalicelib.settings.environment import Site
from chalicelib.settings.wings import parts
from chalicelib.values import frozen
from chalicelib.wings.billing.domain.bills import Bills, FamilyState
from chalicelib.wings.billing.services import lookups, online_facts, with_online
from chalicelib.wings.billing.stores import Billing

_TELEPHONE: Final = re.compile(r"[+0(][0-9 +()./-]*")


@dataclass
class SiteBills:
    """The sums of a site, in cents, and the number of billed families."""

    site: Site
    families: int = 0
    total: int = 0
    balance: int = 0
    overdue: int = 0

    def add(self, bills: Bills, today: date) -> None:
        """Count a family's bills."""
        self.families += 1
        self.total += sum(invoice.cents for invoice in bills.invoices)
        self.balance += bills.balance
        self.overdue += bills.overdue(today)


@frozen
class FamilyBills:
    """The bills of one family. No account if it is erased but its bills are not yet. `parts`: as the family's page."""

    ref: AccountRef
    bills: Bills
    account: Account | None = None
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def billed_families(
    services: Services, sites: Sequence[Site], state: FamilyState | None, today: date
) -> tuple[list[SiteBills], list[FamilyBills]]:
    """Read all the bills of some sites: the sums of each, and the families in a state, without their accounts."""
    sums, matching = [], []
    for site in sites:
        of_site = SiteBills(site)
        sums.append(of_site)
        online = _paid_online(services, site.code)
        for stored_bills in services.store(Billing).under(site.code):
            bills = stored_bills.with_received(online.get(stored_bills.ref, ()))
            if bills.invoices:
                of_site.add(bills, today)
                matching += [FamilyBills(bills.ref, bills)] if state in {None, bills.state(today)} else []
    return sums, matching


def _paid_online(services: Services, site: str) -> Mapping[AccountRef, Sequence[OnlineReceipt]]:
    receipts: dict[AccountRef, list[OnlineReceipt]] = {}
    for part in parts(OnlinePart):
        for ref, of_family, _ in part.of_site(services, site):
            receipts.setdefault(ref, []).extend(of_family)
    return receipts


def with_accounts(services: Services, rows: Sequence[FamilyBills]) -> list[FamilyBills]:
    """Read the accounts of some families (a BatchGetItem for a hundred)."""
    accounts = services.accounts.find_all(*(row.ref for row in rows)) if rows else ()
    return [replace(row, account=account) for row, account in zip(rows, accounts, strict=True)]


def family_bills(visit: Visit[Services], ref: AccountRef) -> FamilyBills | None:
    """Find one family and its bills. None if there is no such family."""
    services = visit.services
    account, *results = services.database.read_together(services.accounts.lookup(ref), *lookups(services, ref))
    return FamilyBills(ref, with_online(results), account, online_facts(visit, results)) if account else None


FAMILY_PART: Final = FamilyPart(
    "bills", lambda query: lookups(query.services, query.account.ref), lambda _, results: with_online(results)
)


def _by_invoice(services: Services, text: str, sites: Sequence[str]) -> list[tuple[AccountRef, Match]]:
    """Find the families with an invoice of a number, however it is spelt (Query of the bills of each site)."""
    number = fold(text)
    if not re.search(r"\d", number) or _TELEPHONE.fullmatch(text.strip()):
        return []
    return [
        (bills.ref, Match("invoice", invoice.number))
        for site in sites
        for bills in services.store(Billing).under(site)
        for invoice in bills.invoices
        if invoice.number_key == number
    ]


SEARCH: Final = FamilySearch(_by_invoice)
