"""Optimistic locking: a value is read, decided on, and written conditionally, again after each conflict."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar, overload

from chalicelib.domain.refusals import Unavailable, WriteConflict

V = TypeVar("V")
Prepare = Callable[[V, V], object]  # runs before the write of a decision, with the value before and after
RACES: Final = 5


def nothing(_before: object, _after: object) -> None:
    """Prepare nothing."""


@overload
def revise(
    find: Callable[[], V], change: Callable[[V, V], V], decide: Callable[[V], V], current: V | None, prepare: Prepare[V]
) -> tuple[V, V]: ...


@overload
def revise(
    find: Callable[[], V | None],
    change: Callable[[V, V], V],
    decide: Callable[[V], V],
    current: V | None,
    prepare: Prepare[V],
) -> tuple[V, V] | None: ...


def revise(
    find: Callable[[], V | None],
    change: Callable[[V, V], V],
    decide: Callable[[V], V],
    current: V | None,
    prepare: Prepare[V],
) -> tuple[V, V] | None:
    """Change a value as read before, or as read by `find`. Return it before and after, or None if it no longer exists.

    `decide` is pure, and runs again after each conflict (docs/decisions/0047). Effects before the write belong in
    `prepare`, those after it in the caller. Raises `Unavailable`, and the errors of both.
    """
    for _ in range(RACES):
        before, current = current or find(), None
        if before is None:
            return None
        after = decide(before)
        if after is not before:
            prepare(before, after)
        with suppress(WriteConflict):
            return before, change(before, after)
    raise Unavailable(f"the {type(before).__name__.lower()} keeps changing")
