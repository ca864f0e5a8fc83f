"""Families by state of their bills: each has one state, and the sums are of all."""

from datetime import date

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.wings.billing.domain.bills import FamilyState, Invoice, Payment
from chalicelib.wings.billing.office.balances import (
    FamilyBills,
    SiteBills,
    billed_families,
    family_bills,
    with_accounts,
)
from tests.support.billing import CREDIT, OVERDUE, PAID, TO_PAY, TODAY, bill
from tests.support.world import ROSSIGNOL, World

XENAKIS = ROSSIGNOL.site


def billed(world: World, state: FamilyState | None = None) -> tuple[list[SiteBills], list[FamilyBills]]:
    sites = [site for site in world.services.settings.network.sites if site.code == XENAKIS]
    return billed_families(world.services, sites, state, TODAY)


def listed(world: World, state: FamilyState | None = None) -> list[str]:
    return [family.ref.identifier for family in billed(world, state)[1]]


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
    assert listed(biller, state) == names


def test_the_sums_are_those_of_the_site_whatever_state_is_shown(biller: World) -> None:
    ((sums,), _) = billed(biller, "credit")

    assert (sums.families, sums.balance, sums.overdue) == (4, 9_000 + 18_700 * 2 - 2_500 * 2, 9_000)
    assert sums.total == sums.balance + 2 * 4_500


def test_the_accounts_of_a_page_are_read_and_one_erased_has_none(biller: World) -> None:
    bill(biller, TO_PAY, to=AccountRef(XENAKIS, "gone"))

    rows = with_accounts(biller.services, billed(biller, "to_pay")[1])

    assert [(row.ref.identifier, row.account is not None) for row in rows] == [("gone", False), ("owes", True)]


def test_an_invoice_paid_back_whole_leaves_nothing(world: World) -> None:
    bill(world, Invoice("1", date(2026, 1, 1), 500, None, "", (Payment(date(2026, 2, 1), 500),)))

    assert listed(world, "settled") == [ROSSIGNOL.identifier]


def test_of_a_family_that_is_not_there_there_are_no_bills(world: World) -> None:
    assert family_bills(world.visit(), ROSSIGNOL) is None
