"""A decision on pupils or candidates selected in a list: the outcome for each, one after another."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Generic, Literal, TypeVar

from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.values import frozen

# « unsure »: the table did not answer, so it may be written. « left »: not tried after that.
Outcome = Literal["waiting", "done", "already", "refused", "undone", "unsure", "left"]
Choice = TypeVar("Choice")
Row = TypeVar("Row")
Entry = TypeVar("Entry")


@frozen
class SelectionOutcome(Generic[Choice, Row, Entry]):
    """The outcome for a choice, with its row as now read. None if it no longer exists. `entry`: once decided."""

    choice: Choice
    outcome: Outcome
    pupil: Row | None = None
    refusal: OfficeRefusal | None = None
    entry: Entry | None = None


Tried = TypeVar("Tried", bound=SelectionOutcome[Any, Any, Any])


def attempt(outcome: Tried, act: Callable[[Tried], Tried]) -> Tried:
    """Act on one, unless it is refused, before or by this act."""
    try:
        return outcome if outcome.refusal else act(outcome)
    except OfficeRefusal as refusal:
        return replace(outcome, outcome="refused", refusal=refusal)


def try_each(outcomes: Iterable[Tried], act: Callable[[Tried], Tried]) -> tuple[Tried, ...]:
    """Act on each that is not refused. If the tables do not answer, no other is tried."""
    results: list[Tried] = []
    answers = True
    for outcome in outcomes:
        try:
            results.append(attempt(outcome, act if answers else _leave))
        except Unavailable:
            results.append(replace(outcome, outcome="unsure"))
            answers = False
    return tuple(results)


def _leave(outcome: Tried) -> Tried:
    return replace(outcome, outcome="left")
