"""Corrections of an account: author, time, old and new values, and how many are kept."""

import secrets
from collections import Counter
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.values import frozen

Side = Literal["family", "office", "file"]
CorrectedField = Literal[
    "name", "identifier", "guardians", "emails", "telephones", "address", "payer", "logins", "pupil", "emergency",
    "merged", "password", "sign_in", "access",
]  # fmt: skip
SessionKind = Literal["", "login", "change", "passkey", "franceconnect", "code"]

KEPT_AT_MOST: Final = 40  # docs/decisions/0023
# A limit of its own for each change of access, so that no other change displaces it (docs/decisions/0036).
ACCESS_AT_MOST: Final[dict[CorrectedField, int]] = {"emails": 24, "password": 16, "sign_in": 16, "access": 8}
SETTLED: Final = timedelta(days=30)


@frozen
class Actor:
    """The author of a change: a guardian or a member of the office by name, or the yearly file."""

    side: Side
    who: str = field(default="", repr=False)


FILE: Final = Actor("file")
FROZEN: Final = "frozen"
OFFICE: Final = "l'administration"


@frozen
class Correction:
    """A changed field. `of`: its guardian, or the pupil's name before. All fields of a decision share its name.

    The name is random, so that two equal decisions in the same second differ. For a password, old and new give its
    origin (`Origin`), never the password, and `session` the kind of session that changed it, or that it first opened.
    For « sign_in », old and new name the login methods of the account that went and came: « passkey: » and its name,
    « franceconnect », or « franceconnect_used » at its first use. For « access », new is `FROZEN`: by « Ce n'est pas
    moi », until a password is used.
    """

    what: CorrectedField
    old: tuple[str, ...] = field(repr=False)
    new: tuple[str, ...] = field(repr=False)
    actor: Actor
    at: datetime
    decision: str
    of: str = field(default="", repr=False)
    session: SessionKind = ""

    @property
    def by_for_family(self) -> str:
        """The author as a family reads it: of the office, no name."""
        return self.actor.who if self.actor.side == "family" else OFFICE


@frozen
class Confirmation:
    """A confirmation that the coordinates are exact: its author and time."""

    by: str = field(repr=False)
    at: datetime


def new_decision(of: str = "") -> str:
    """Make the name of a decision. `of`: an earlier request, used as prefix (`is_decision_of`)."""
    return f"{of}-{secrets.token_hex(6)}" if of else secrets.token_hex(6)


def is_decision_of(request: str, correction: Correction) -> bool:
    """Whether a change is the result of an earlier request."""
    return bool(request) and correction.decision.startswith(f"{request}-")


def limit_trail(changes: tuple[Correction, ...], at_most: int, now: datetime) -> tuple[Correction, ...]:
    """Trim a trail, oldest first. The most frequent field loses its oldest change, if that is settled.

    Otherwise it loses the middle one, so that the start and end of a burst stay. A burst therefore hides none of its
    first changes for a month, and none of another field.
    """
    staying = list(changes)
    while len(staying) > at_most:
        number = Counter(map(_field, staying))
        crowded_field = [change for change in staying if _field(change) == max(number, key=number.__getitem__)]
        staying.remove(
            crowded_field[0] if crowded_field[0].at <= now - SETTLED else crowded_field[len(crowded_field) // 2]
        )
    return tuple(staying)


def _field(change: Correction) -> tuple[CorrectedField, str]:
    return change.what, change.of
