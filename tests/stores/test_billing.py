"""The billing table: all bills of a family in one item, changed by one conditional write or not at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import Invoice
from chalicelib.domain.refusals import Unavailable
from chalicelib.stores.billing import Billing
from tests.support.aws import When
from tests.support.billing import ALL, OVERDUE, PAID, PART_PAID, TO_PAY, TODAY, bill
from tests.support.world import ROSSIGNOL, World

MERLE = AccountRef("evry-magnard", "mer7")


@pytest.mark.parametrize("invoices", [ALL, (Invoice("1", TODAY, 0),), ()], ids=["full", "bare", "none"])
def test_bills_come_back_as_they_were(world: World, invoices: tuple[Invoice, ...]) -> None:
    bills = bill(world, *invoices)

    assert sorted(bills.invoices, key=hash) == sorted(invoices, key=hash)
    assert bool(bills.stamp) is bool(invoices)


def test_what_changes_nothing_writes_nothing(world: World) -> None:
    before = bill(world, PAID, TO_PAY)
    world.aws.calls.clear()

    world.services.store(Billing).revise(ROSSIGNOL, lambda bills: bills.with_listed([PAID]))

    assert world.aws.calls == ["GetItem"]
    assert world.services.store(Billing).find(ROSSIGNOL) == before


def test_who_comes_second_decides_on_what_the_first_wrote(world: World) -> None:
    first = bill(world, PAID)
    bill(world, TO_PAY)

    world.services.store(Billing).revise(ROSSIGNOL, lambda bills: bills.with_listed([OVERDUE]), first)

    assert set(world.services.store(Billing).find(ROSSIGNOL).invoices) == {PAID, TO_PAY, OVERDUE}


def test_of_many_at_once_each_write_counts(world: World) -> None:
    together = Barrier(4)

    def write(number: int) -> None:
        billing = wiring.build(world.services.settings, calls=1, patience=20).store(Billing)
        together.wait()
        billing.revise(ROSSIGNOL, lambda bills: bills.with_listed([Invoice(str(number), TODAY, 100)]))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    assert len(world.services.store(Billing).find(ROSSIGNOL).invoices) == 4


@pytest.mark.parametrize(("when", "is_there"), [("before", False), ("after", True)])
def test_a_write_that_fails_is_told_and_whole_or_not_there(world: World, when: When, is_there: bool) -> None:
    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        bill(world, PAID)

    assert bool(world.services.store(Billing).find(ROSSIGNOL).invoices) is is_there


def test_a_write_whose_answer_was_lost_is_done_once_by_the_sdk_s_own_retry(world: World) -> None:
    billing = wiring.build(world.services.settings, calls=2, patience=20).store(Billing)

    with world.aws.failing("UpdateItem", "after", times=1):
        billing.revise(ROSSIGNOL, lambda bills: bills.with_listed([PAID]))

    assert world.services.store(Billing).find(ROSSIGNOL).invoices == (PAID,)


def test_a_site_s_bills_are_read_together_and_no_other_s(world: World) -> None:
    bill(world, PAID)
    bill(world, PART_PAID, to=MERLE)

    (entry,) = world.services.store(Billing).all(ROSSIGNOL.site)

    assert (entry[0], entry[1].invoices) == (ROSSIGNOL, (PAID,))


def test_forgotten_bills_are_gone(world: World) -> None:
    bill(world, PAID)

    world.database.write_together(world.services.store(Billing).forget(ROSSIGNOL))

    assert world.aws.everything(world.resources) == ""
