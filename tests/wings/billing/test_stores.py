"""The billing table, beyond the contract of all stores (tests/stores/test_contract.py)."""

from dataclasses import replace
from functools import partial

import pytest

from chalicelib.domain.refusals import WriteConflict
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.billing.stores import Billing
from tests.support.billing import OVERDUE, PAID, TO_PAY, bill
from tests.support.world import ROSSIGNOL, World


def test_each_write_has_a_stamp_of_its_own_also_after_a_way_back(world: World) -> None:
    first = bill(world, PAID)
    billing = world.services.store(Billing)

    billing.revise(first, partial(Bills.with_listed, new_invoices=[OVERDUE]))
    _, last = billing.revise_at(ROSSIGNOL, lambda bills: replace(bills, invoices=first.invoices))

    assert last == first
    assert last.stamp != first.stamp
    with pytest.raises(WriteConflict):
        billing.change(first, first.with_listed([TO_PAY]))
