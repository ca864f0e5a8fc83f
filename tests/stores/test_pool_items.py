"""The item of a pool: every value comes back."""

from chalicelib.infra.dynamo.values import decode, encode_item
from chalicelib.stores.pool_items import item_of, pool_from
from tests.support.applications import NOW
from tests.support.pools import FIRST, OFFERED


def test_a_whole_one_comes_back() -> None:
    whole = OFFERED.start(NOW).decline(FIRST, NOW)

    assert pool_from(decode({"M": encode_item(item_of(OFFERED))})) == OFFERED
    assert pool_from(decode({"M": encode_item(item_of(whole))})) == whole


def test_what_is_no_pool_is_none() -> None:
    assert pool_from(None) is None
    assert pool_from({"site": "evry-xenakis", "identifier": "2027#pool#x"}) is None
