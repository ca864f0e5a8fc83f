"""The families of some sites by state of their bills, fifty at a time, and the sums of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.billing.bills import Bills, FamilyState
from chalicelib.office.parts import FamilyPart
from chalicelib.services.family import Services
from chalicelib.settings.environment import Site
from chalicelib.stores.billing import Billing
from chalicelib.values import frozen

PAGE: Final = 50  # families


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
    """The bills of one family. No account if it is erased but its bills are not yet."""

    ref: AccountRef
    bills: Bills
    account: Account | None


@frozen
class BillsPage:
    """One page of the families in a state, and the sums of every requested site."""

    sites: tuple[SiteBills, ...]
    families: tuple[FamilyBills, ...]
    count: int  # of the families in that state
    page: int  # from 1

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.count // PAGE))


def bills_page(
    services: Services, sites: Sequence[Site], state: FamilyState | None, page: int, today: date
) -> BillsPage:
    """Read all the bills of some sites, and the names of the families on the page."""
    sums, matching = [], []
    for site in sites:
        of_site = SiteBills(site)
        sums.append(of_site)
        for ref, bills in services.store(Billing).all(site.code):
            if bills.invoices:
                of_site.add(bills, today)
                matching += [(ref, bills)] if state in {None, bills.state(today)} else []
    page = min(max(1, page), max(1, -(-len(matching) // PAGE)))
    rows = matching[(page - 1) * PAGE : page * PAGE]
    accounts = services.accounts.find_all(*(ref for ref, _ in rows)) if rows else ()
    families = tuple(FamilyBills(*one, account) for one, account in zip(rows, accounts, strict=True))
    return BillsPage(tuple(sums), families, len(matching), page)


def family_bills(services: Services, ref: AccountRef) -> FamilyBills | None:
    """Find one family and its bills. None if there is no such family."""
    account, bills = services.database.read_together(services.accounts.lookup(ref), services.store(Billing).lookup(ref))
    return FamilyBills(ref, bills, account) if account else None


FAMILY_PART: Final = FamilyPart(
    "bills",
    lambda query: (query.services.store(Billing).lookup(query.account.ref),),
    lambda _, results: results[0],
)
