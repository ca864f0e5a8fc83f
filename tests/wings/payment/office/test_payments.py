"""The payments of sites: those that await first, sums equal to the receipts, and one ended while it is paid."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.payment.office.payments import TODAY_PART, end_checked, find_payment, site_payments, sums_of
from chalicelib.wings.payment.stores import PaymentStore
from tests.support.world import ROSSIGNOL, World
from tests.wings.payment.examples import OPEN, PAID

MAG = AccountRef("evry-magnard", "mag1")
DEBITED = replace(PAID, code="debited", state="debited", cents=5_050, paid_on=date(2026, 8, 31))
DIFFERS = replace(PAID, code="differs", state="differs", differences=("cents",), paid_on=None)
REASON = Author("Odile Fauvette", "remboursé par la régie")


@pytest.fixture
def payer(world: World) -> World:
    """Store the payments of two families at two sites."""
    world.settle()
    store = world.services.store(PaymentStore)
    recent = replace(OPEN, code="open", started_at=world.now)
    store.revise_at(ROSSIGNOL, lambda payments: replace(payments, attempts=(PAID, DEBITED, DIFFERS, recent)))
    store.revise_at(MAG, lambda payments: replace(payments, attempts=(replace(PAID, cents=1_000),)))
    return world


def test_the_sum_of_the_payments_is_that_of_the_receipts(payer: World) -> None:
    sites, store = payer.services.settings.network.sites, payer.services.store(PaymentStore)

    sums = {one.site.code: one for one in sums_of(sites, site_payments(payer.services, sites, payer.now))}

    receipts = [receipt.cents for site in sums for one in store.under(site) for receipt in one.receipts]
    assert (sums["evry-xenakis"].count, sums["evry-xenakis"].card, sums["evry-xenakis"].debit) == (2, 13_200, 5_050)
    assert sum(one.card + one.debit for one in sums.values()) == sum(receipts) == 19_250
    assert sum(one.count for one in sums.values()) == len(receipts)


def test_those_that_differ_come_first_then_the_late_ones(payer: World) -> None:
    later = payer.now + timedelta(hours=3)

    rows = site_payments(payer.services, payer.services.settings.network.sites, later)

    assert [row.attempt.code for row in rows[:2]] == ["differs", "open"]
    assert TODAY_PART.reader(payer.services, ROSSIGNOL.site, later) == (1, 1)
    assert TODAY_PART.reader(payer.services, ROSSIGNOL.site, later - timedelta(seconds=1)) == (1, 0)


def test_a_payment_received_while_it_is_checked_stays_received(payer: World) -> None:
    row = find_payment(payer.services, ROSSIGNOL, "differs")
    assert row
    store = payer.services.store(PaymentStore)
    store.revise_at(ROSSIGNOL, lambda payments: payments.with_attempt(replace(DIFFERS, state="paid")))

    end_checked(payer.services, ROSSIGNOL, row.attempt, REASON, payer.now)

    attempt = store.find(ROSSIGNOL).by_code("differs")
    assert attempt
    assert attempt.state == "paid"


def test_no_payment_is_ended_without_a_reason(payer: World) -> None:
    with pytest.raises(OfficeRefusal, match="author_missing"):
        end_checked(payer.services, ROSSIGNOL, DIFFERS, replace(REASON, why=" "), payer.now)

    assert payer.services.store(PaymentStore).find(ROSSIGNOL).by_code("differs") == DIFFERS
