"""A value read, decided on, and written under a condition; decided anew each time that somebody came first."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar, overload

from chalicelib.domain.refusals import Unavailable, WriteConflict

V = TypeVar("V")
Prepare = Callable[
    [V, V], object
]  # does what must come before the write of a decision, given the value before and after
RACES: Final = 5


def nothing(_before: object, _after: object) -> None:
    """Prepare nothing."""


@overload
def revise(
    find: Callable[[], V],
    change: Callable[[V, V], V],
    decide: Callable[[V], V],
    known: V | None,
    prepare: Prepare[V],
) -> tuple[V, V]: ...


@overload
def revise(
    find: Callable[[], V | None],
    change: Callable[[V, V], V],
    decide: Callable[[V], V],
    known: V | None,
    prepare: Prepare[V],
) -> tuple[V, V] | None: ...


def revise(
    find: Callable[[], V | None],
    change: Callable[[V, V], V],
    decide: Callable[[V], V],
    known: V | None,
    prepare: Prepare[V],
) -> tuple[V, V] | None:
    """Change a value as read before, or as `find` reads it; give it before and after, or None where it is gone.

    `decide` only decides, as often as somebody came first (docs/decisions/0047): what it must bring about before the
    write, `prepare` does; what comes after, the caller. Raises `Unavailable`, and what either raises.
    """
    for _ in range(RACES):
        before, known = known or find(), None
        if before is None:
            return None
        after = decide(before)
        if after is not before:
            prepare(before, after)
        with suppress(WriteConflict):
            return before, change(before, after)
    raise Unavailable(f"the {type(before).__name__.lower()} keeps changing")
