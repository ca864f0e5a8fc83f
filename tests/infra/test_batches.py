"""Items in batches."""

from collections.abc import Iterator

import pytest

from chalicelib.infra.batches import batches


@pytest.mark.parametrize(
    ("size", "parts"), [(2, [(1, 2), (3, 4), (5,)]), (5, [(1, 2, 3, 4, 5)]), (9, [(1, 2, 3, 4, 5)])]
)
def test_nothing_is_lost_and_nothing_moves(size: int, parts: list[tuple[int, ...]]) -> None:
    assert list(batches([1, 2, 3, 4, 5], size)) == parts


def test_of_nothing_there_is_no_batch() -> None:
    assert list(batches([], 3)) == []


def test_no_more_is_taken_than_the_batch_needs() -> None:
    items: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(10):
            items.append(number)
            yield number

    next(batches(numbers(), 3))

    assert items == [0, 1, 2]
