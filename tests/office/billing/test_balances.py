"""Families by state of their bills: each has one state, fifty a page, and the sums are of all."""

from datetime import date

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import FamilyState, Invoice, Payment
from chalicelib.office.billing.balances import PAGE, BillsPage, bills_page, family_bills
from tests.support.billing import CREDIT, OVERDUE, PAID, TO_PAY, TODAY, bill
from tests.support.world import ROSSIGNOL, World

XENAKIS = ROSSIGNOL.site


def page_of(world: World, state: FamilyState | None = None, page: int = 1) -> BillsPage:
    sites = [site for site in world.services.settings.network.sites if site.code == XENAKIS]
    return bills_page(world.services, sites, state, page, TODAY)


def listed(bills: BillsPage) -> list[str]:
    return [family.ref.identifier for family in bills.families]


@pytest.fixture
def biller(world: World) -> World:
    """Bill a family of each state, and one of another site. The last one's account is gone."""
    for identifier, invoices in {
        "late": (OVERDUE, CREDIT, TO_PAY),
        "owes": (TO_PAY, PAID),
        "owed": (CREDIT,),
        "paid": (PAID,),
    }.items():
        ref = AccountRef(XENAKIS, identifier)
        world.settle(ref)
        bill(world, *invoices, to=ref)
    bill(world, OVERDUE, to=AccountRef("evry-magnard", "else"))
    return world


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("overdue", ["late"]),
        ("to_pay", ["owes"]),
        ("credit", ["owed"]),
        ("settled", ["paid"]),
        (None, ["late", "owed", "owes", "paid"]),
    ],
)
def test_each_family_stands_in_one_state(biller: World, state: FamilyState | None, names: list[str]) -> None:
    assert listed(page_of(biller, state)) == names


def test_the_sums_are_those_of_the_site_whatever_state_is_shown(biller: World) -> None:
    (sums,) = page_of(biller, "credit").sites

    assert (sums.families, sums.balance, sums.overdue) == (4, 9_000 + 18_700 * 2 - 2_500 * 2, 9_000)
    assert sums.total == sums.balance + 2 * 4_500


def test_a_page_has_fifty_families_and_the_last_one_the_rest(world: World) -> None:
    for number in range(PAGE + 1):
        bill(world, TO_PAY, to=AccountRef(XENAKIS, f"fam{number:02}"))

    first, second, beyond = (page_of(world, page=number) for number in (1, 2, 7))

    assert (len(first.families), listed(second), second.pages) == (PAGE, ["fam50"], 2)
    assert (beyond.page, listed(beyond)) == (2, ["fam50"])
    assert first.families[0].account is None


def test_an_invoice_paid_back_whole_leaves_nothing(world: World) -> None:
    bill(world, Invoice("1", date(2026, 1, 1), 500, None, "", (Payment(date(2026, 2, 1), 500),)))

    assert listed(page_of(world, "settled")) == [ROSSIGNOL.identifier]


def test_of_a_family_that_is_not_there_there_are_no_bills(world: World) -> None:
    assert family_bills(world.services, ROSSIGNOL) is None
