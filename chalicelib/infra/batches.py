"""Batches: an AWS call takes a limited number of items, and memory holds one batch."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

A = TypeVar("A")


def batches(things: Iterable[A], size: int) -> Iterator[tuple[A, ...]]:
    """Split items into batches, in order. The last may be smaller (`itertools.batched`, from Python 3.12 on)."""
    rest = iter(things)
    while batch := tuple(islice(rest, size)):
        yield batch
