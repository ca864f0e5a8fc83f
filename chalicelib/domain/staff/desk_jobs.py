"""A job started by a member of staff on the desk: its subject, progress and worker."""

import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.values import Stored, frozen

# waiting, running: in progress, until ready (or done, if there is nothing to confirm). ready: has to be confirmed.
# applying: the confirmed changes are in progress.
State = Literal["waiting", "running", "ready", "applying", "done", "failed", "cancelled"]

KEPT: Final = timedelta(days=30)  # after its last progress
LEASE: Final = timedelta(minutes=2)  # after its worker's last progress
STILL: Final = timedelta(minutes=1)  # without a worker for this long, it may be restarted
_AT_WORK: Final[frozenset[State]] = frozenset({"waiting", "running", "applying"})
_NOTHING: Final[Mapping[str, Any]] = {}


@frozen
class Lease:
    """The worker that holds a job, and until when."""

    owner: str
    until: datetime


@frozen
class DeskJob(Stored):
    """One job. Its maps hold texts, numbers, booleans, lists and maps, and no personal data but its two authors.

    `subject`: its input. `options`: as confirmed. `cursor`: where to continue. `result`: its findings or changes, in
    counts and codes.
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

    @classmethod
    def ask(cls, kind: str, by: str, now: datetime, subject: Mapping[str, Any] = _NOTHING, id: str = "") -> "DeskJob":  # noqa: A002 - its name everywhere
        """Make a job. A given `id` makes it unique, however often it is asked for."""
        return cls(id or secrets.token_hex(8), kind, by, now, now, subject=subject)

    @property
    def expires_at(self) -> datetime:
        """When it is deleted."""
        return self.moved_at + KEPT

    @property
    def is_at_work(self) -> bool:
        """Whether it is in progress, with a worker or waiting for one."""
        return self.state in _AT_WORK

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state in {"done", "failed", "cancelled"}

    def is_held(self, now: datetime) -> bool:
        """Whether a worker holds it."""
        return self.lease is not None and now < self.lease.until

    def is_still(self, now: datetime) -> bool:
        """Whether it is stalled: in progress without a worker, and unchanged for a while."""
        return self.is_at_work and not self.is_held(now) and now - self.moved_at >= STILL

    def take(self, now: datetime) -> "DeskJob":
        """Assign it to a worker, under a unique name of its run."""
        state: State = "running" if self.state == "waiting" else self.state
        return replace(self, state=state, lease=Lease(secrets.token_hex(8), now + LEASE), moved_at=now)

    def go_on(self, cursor: Mapping[str, Any], steps_done: int, of: int, now: datetime) -> "DeskJob":
        """Record progress, and extend the worker's lease."""
        lease = self.lease and replace(self.lease, until=now + LEASE)
        return replace(self, cursor=cursor, done=steps_done, of=of, moved_at=now, lease=lease)

    def let_go(self, now: datetime) -> "DeskJob":
        """Release it, for another worker to continue."""
        return replace(self, lease=None, moved_at=now)

    def end(self, state: State, result: Mapping[str, Any], now: datetime) -> "DeskJob":
        """Record its result, final or to be confirmed."""
        return replace(self, state=state, result=result, cursor={}, lease=None, moved_at=now)

    def confirm(self, by: str, options: Mapping[str, Any], now: datetime) -> "DeskJob":
        """Confirm its findings, to be applied."""
        return replace(self, state="applying", confirmed_by=by, options=options, done=0, moved_at=now)

    def start_again(self, now: datetime) -> "DeskJob":
        """Restart it from the beginning."""
        return replace(self, state="waiting", options={}, confirmed_by="", done=0, cursor={}, lease=None, moved_at=now)

    def cancel(self, now: datetime) -> "DeskJob":
        """Cancel it. A worker that holds it stops at its next progress."""
        return replace(self, state="cancelled", cursor={}, lease=None, moved_at=now)
