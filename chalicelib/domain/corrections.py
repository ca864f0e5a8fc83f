"""What was changed of a family's coordinates: by whom and when, what stood there, what stands there now."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

Side = Literal["family", "office", "file"]
What = Literal["name", "guardians", "emails", "telephones", "address", "payer"]

KEPT_AT_MOST: Final = 40  # docs/decisions/0023


@dataclass(frozen=True)
class Hand:
    """Who changes something: a guardian by name, somebody of the office by name, or the yearly file."""

    side: Side
    who: str = field(default="", repr=False)


FILE: Final = Hand("file")


@dataclass(frozen=True)
class Correction:
    """One field that was changed; `of` is the guardian whose telephone it is. All fields of a decision share its name.

    The name is random: two that decide the same in the same second are told apart.
    """

    what: What
    old: tuple[str, ...] = field(repr=False)
    new: tuple[str, ...] = field(repr=False)
    hand: Hand
    at: datetime
    decision: str
    of: str = field(default="", repr=False)


@dataclass(frozen=True)
class Confirmation:
    """Who said that the coordinates are exact, and when."""

    by: str = field(repr=False)
    at: datetime


def new_decision(of: str = "") -> str:
    """Name a decision; `of`: of what was asked for before, which the name then begins with (`is_decision_of`)."""
    return f"{of}-{secrets.token_hex(6)}" if of else secrets.token_hex(6)


def is_decision_of(asked: str, correction: Correction) -> bool:
    """Tell whether a change is what became of something that was asked for."""
    return bool(asked) and correction.decision.startswith(f"{asked}-")
