"""A job that a member of staff started on the desk: what it is about, how far it is, and who works at it now."""

import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.values import frozen

# waiting, running: nobody needs to do anything until it is ready (or done, where there is nothing to confirm);
# ready: somebody must confirm; applying: what was confirmed is being done.
State = Literal["waiting", "running", "ready", "applying", "done", "failed", "cancelled"]

KEPT: Final = timedelta(days=30)  # since it last moved
LEASE: Final = timedelta(minutes=2)  # since its worker last wrote how far it is
STILL: Final = timedelta(minutes=1)  # without a worker for so long, somebody may wake it
_AT_WORK: Final[frozenset[State]] = frozenset({"waiting", "running", "applying"})
_NOTHING: Final[Mapping[str, Any]] = {}


@frozen
class Lease:
    """Who works at a job, and until when nobody else does."""

    owner: str
    until: datetime


@frozen
class DeskJob:
    """One job. Its maps hold texts, numbers, truths, lists and maps; no personal datum but who asked and confirmed.

    `subject`: what it is about. `options`: what was confirmed. `cursor`: where it goes on. `result`: what it found or
    did, in counts and codes.
    """

    id: str
    kind: str
    asked_by: str = field(repr=False)
    asked_at: datetime
    moved_at: datetime
    state: State = "waiting"
    subject: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    confirmed_by: str = field(default="", repr=False)
    done: int = 0
    of: int = 0
    cursor: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    lease: Lease | None = None
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    @classmethod
    def ask(cls, kind: str, by: str, now: datetime, subject: Mapping[str, Any] = _NOTHING, id: str = "") -> "DeskJob":  # noqa: A002 - its name everywhere
        """Ask for a job; of an `id` that is told there is one only, however often it is asked for."""
        return cls(id or secrets.token_hex(8), kind, by, now, now, subject=subject)

    @property
    def expires_at(self) -> datetime:
        """When it is forgotten."""
        return self.moved_at + KEPT

    @property
    def is_at_work(self) -> bool:
        """Whether it goes on by itself, with a worker or until one comes."""
        return self.state in _AT_WORK

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.state in {"done", "failed", "cancelled"}

    def is_held(self, now: datetime) -> bool:
        """Whether a worker has it."""
        return self.lease is not None and now < self.lease.until

    def is_still(self, now: datetime) -> bool:
        """Whether it should go on and does not: nobody has it, and nothing was written of it for a while."""
        return self.is_at_work and not self.is_held(now) and now - self.moved_at >= STILL

    def take(self, owner: str, now: datetime) -> "DeskJob":
        """Give it to a worker."""
        state: State = "running" if self.state == "waiting" else self.state
        return replace(self, state=state, lease=Lease(owner, now + LEASE), moved_at=now)

    def go_on(self, cursor: Mapping[str, Any], done: int, of: int, now: datetime) -> "DeskJob":
        """Note how far its worker is, who keeps it a while longer."""
        lease = self.lease and replace(self.lease, until=now + LEASE)
        return replace(self, cursor=cursor, done=done, of=of, moved_at=now, lease=lease)

    def let_go(self, now: datetime) -> "DeskJob":
        """Take it from its worker: another goes on where it is."""
        return replace(self, lease=None, moved_at=now)

    def end(self, state: State, result: Mapping[str, Any], now: datetime) -> "DeskJob":
        """Note what came of it, until somebody confirms or for good."""
        return replace(self, state=state, result=result, cursor={}, lease=None, moved_at=now)

    def confirm(self, by: str, options: Mapping[str, Any], now: datetime) -> "DeskJob":
        """Have done what it found that there is to do."""
        return replace(self, state="applying", confirmed_by=by, options=options, done=0, moved_at=now)

    def start_again(self, now: datetime) -> "DeskJob":
        """Have it find once more what there is to do."""
        return replace(self, state="waiting", options={}, confirmed_by="", done=0, cursor={}, lease=None, moved_at=now)

    def cancel(self, now: datetime) -> "DeskJob":
        """Give it up; a worker that has it stops when it next writes how far it is."""
        return replace(self, state="cancelled", cursor={}, lease=None, moved_at=now)


def new_owner() -> str:
    """Name a worker's turn, like no other."""
    return secrets.token_hex(8)
