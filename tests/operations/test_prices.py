"""Prices: a cost is that of the units beyond the free ones."""

import pytest

from operations import prices


def test_only_units_beyond_the_free_ones_cost() -> None:
    assert prices.SQS_REQUEST.cost(1_300_000, months=1) == pytest.approx(0.12)
    assert prices.SQS_REQUEST.cost(900_000, months=1) == 0
    assert prices.API_REQUEST.cost(2_000_000, months=1) == pytest.approx(7.40)


def test_every_price_has_its_source() -> None:
    assert len(prices.PRICES) > 15
    assert [price.unit for price in prices.PRICES if not price.source] == []
