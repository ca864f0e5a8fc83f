"""The numbers of generated identifiers: each is given once, even concurrently."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.refusals import Unavailable
from tests.support.stored_applications import stores_of
from tests.support.world import World


def test_each_is_given_once_in_each_season(world: World) -> None:
    numbers = stores_of(world).identifier_numbers

    with ThreadPoolExecutor(4) as pool:
        given = sorted(pool.map(lambda _: numbers.next("2027"), range(8)))

    assert given == list(range(1, 9))
    world.aws.calls.clear()
    assert numbers.next("2028") == 1
    assert world.aws.calls == ["UpdateItem"], "one call, whoever asks at the same moment"


def test_where_dynamodb_does_not_answer_none_is_given(world: World) -> None:
    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        stores_of(world).identifier_numbers.next("2027")
