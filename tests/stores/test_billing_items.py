"""The item of a family's bills: every value comes back."""

from dataclasses import fields, replace

import pytest

from chalicelib.domain.billing.bills import Bills, Invoice
from chalicelib.infra.dynamo.values import decode, encode_item
from chalicelib.stores.billing_items import bills_from, item_of
from tests.support.billing import ALL, PAID
from tests.support.world import ROSSIGNOL

FULL = replace(PAID, document="invoices/x.pdf")


@pytest.mark.parametrize("bills", [Bills((FULL, *ALL), "stamp"), Bills((), "stamp")])
def test_everything_comes_back(bills: Bills) -> None:
    assert bills_from(decode({"M": encode_item(item_of(ROSSIGNOL, bills))})) == bills


def test_the_example_of_this_test_holds_something_in_every_field() -> None:
    assert all(getattr(FULL, field.name) for field in fields(Invoice))


def test_where_nothing_was_billed_there_is_nothing() -> None:
    assert bills_from(None) == Bills()
    assert item_of(ROSSIGNOL, Bills()).keys() == {"site", "identifier"}
