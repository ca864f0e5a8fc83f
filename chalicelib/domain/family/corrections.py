"""What was changed of an account: by whom and when, what stood there, what stands there now; and what is kept of it."""

import secrets
from collections import Counter
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.values import frozen

Side = Literal["family", "office", "file"]
CorrectedField = Literal[
    "name", "guardians", "emails", "telephones", "address", "payer", "logins", "password", "access",
]  # fmt: skip
SessionKind = Literal["", "login", "change"]

KEPT_AT_MOST: Final = 40  # docs/decisions/0023
# Of what opens the account, each by itself: nothing else pushes it out (docs/decisions/0036).
ACCESS_AT_MOST: Final[dict[CorrectedField, int]] = {"emails": 24, "password": 16, "access": 8}
SETTLED: Final = timedelta(days=30)


@frozen
class Actor:
    """Who changes something: a guardian by name, somebody of the office by name, or the yearly file."""

    side: Side
    who: str = field(default="", repr=False)


FILE: Final = Actor("file")
FROZEN: Final = "frozen"


@frozen
class Correction:
    """One field that was changed; `of` is the guardian whose telephone it is. All fields of a decision share its name.

    The name is random: two that decide the same in the same second are told apart. Of a password, old and new say how
    it came (`Origin`), never what it is, and `session` what kind of session it was changed from, or first opened. Of
    « access » new says `FROZEN`: by « Ce n'est pas moi », until a password is used.
    """

    what: CorrectedField
    old: tuple[str, ...] = field(repr=False)
    new: tuple[str, ...] = field(repr=False)
    actor: Actor
    at: datetime
    decision: str
    of: str = field(default="", repr=False)
    session: SessionKind = ""


@frozen
class Confirmation:
    """Who said that the coordinates are exact, and when."""

    by: str = field(repr=False)
    at: datetime


def new_decision(of: str = "") -> str:
    """Name a decision; `of`: of what was asked for before, which the name then begins with (`is_decision_of`)."""
    return f"{of}-{secrets.token_hex(6)}" if of else secrets.token_hex(6)


def is_decision_of(request: str, correction: Correction) -> bool:
    """Whether a change is what became of something that was asked for."""
    return bool(request) and correction.decision.startswith(f"{request}-")


def limit_trail(changes: tuple[Correction, ...], at_most: int, now: datetime) -> tuple[Correction, ...]:
    """Bound a trail, oldest first: the field that changed most gives way, and of it what has settled, the oldest first.

    Then the middle of what has not: what began a burst stays, and what ended it. So who makes many changes hides none
    of the first ones for a month, and none of another field.
    """
    staying = list(changes)
    while len(staying) > at_most:
        number = Counter(map(_field, staying))
        crowded = [change for change in staying if _field(change) == max(number, key=number.__getitem__)]
        staying.remove(crowded[0] if crowded[0].at <= now - SETTLED else crowded[len(crowded) // 2])
    return tuple(staying)


def _field(change: Correction) -> tuple[CorrectedField, str]:
    return change.what, change.of
