"""The entries of wings in the tests of all pages, letters, mails and stores: `examples.py` in the tests of a wing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.staff.members import Right
from chalicelib.mail.jobs import QueuedJob
from chalicelib.settings.wings import WINGS, has
from chalicelib.values import frozen
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.wing import load
from tests.support.world import World

Act = Callable[[World], object]


@frozen
class MailCase:
    """A mail: the state before its change, and the act that posts its job and stores the change."""

    job: type[QueuedJob]
    before: Act
    act: Act
    calls: str  # to the tables, before it is sent
    reason: str = "not_so"  # in the record, if the change was never stored
    is_claimed: bool = False  # one mail for any number of deliveries
    waits: bool = True  # for a change that its job announces
    lasts: timedelta | None = None  # if its proof ends before its job


@dataclass(frozen=True)
class WingExamples:
    """`words`: a pattern of the wing's words on pages. `letters`: their facts. `desk`: its pages, with their rights.

    `lists`: those of the desk, with their filters, and `fill`, which gives each a row of a family, by its number.
    `stores`: with their table, and a change by some word. `items`: the pinned ones, by store.
    """

    words: str
    letters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    desk: Mapping[str, Right | None] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fill: Callable[[World, AccountRef, int], object] = lambda *_: None
    mails: tuple[MailCase, ...] = ()
    stores: tuple[tuple[Any, str, Callable[[Any, str], Any]], ...] = ()
    items: Mapping[str, Any] = field(default_factory=dict)


@cache
def wing_examples() -> Mapping[str, WingExamples]:
    """Import the examples of all wings that have some, by wing."""
    folder = Path(__file__).parents[1] / "wings"
    names = [wing.name for wing in ALL_WINGS if (folder / wing.name / "examples.py").exists()]
    return {name: load(f"tests.wings.{name}.examples:EXAMPLES") for name in names}


def is_here(module: str) -> bool:
    """Whether a module is the core's, or of a wing of this network."""
    _, layer, wing, *_ = f"{module}..".split(".")
    return layer != "wings" or has(wing)


def examples_here() -> list[WingExamples]:
    """List the examples of the wings of this network."""
    return [wing_examples()[wing.name] for wing in WINGS if wing.name in wing_examples()]


def lists_here() -> dict[str, tuple[str, ...]]:
    """Return the filters of the desk's lists of the wings of this network, by list."""
    return {name: filters for examples in examples_here() for name, filters in examples.lists.items()}
