"""Things in batches: AWS takes so many in one call, and memory holds one batch."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

A = TypeVar("A")


def batches(things: Iterable[A], size: int) -> Iterator[tuple[A, ...]]:
    """Part things into batches, in their order, the last maybe smaller (`itertools.batched`, from Python 3.12 on)."""
    left = iter(things)
    while batch := tuple(islice(left, size)):
        yield batch
