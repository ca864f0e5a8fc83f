"""A job of the queues: enough to write a letter later, and nothing worth stealing."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import ClassVar

from chalicelib.values import frozen


class NotConfirmedYet(Exception):
    """The change of a job is not written, or not yet: retry later."""


@frozen(kw_only=True)
class QueuedJob:
    """Base of all jobs. Those of a subject are in its own module, such as `account_jobs.py`."""

    lasts: ClassVar[timedelta] = timedelta(hours=1)
    can_wait: ClassVar[bool] = False  # without a user who waits for this mail: it has a queue of its own

    request: str  # the id of the HTTP request, or of the command, for the record
    asked_at: datetime
    kind: str

    def is_stale(self, now: datetime) -> bool:
        """Whether it is too old to be useful."""
        return now - self.asked_at > self.lasts

    def to_json(self) -> str:
        """Encode it for the queue, where `work/post.py` reads it."""
        facts = {name: _written(value) for name, value in asdict(self).items()}
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def _written(value: object) -> object:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


@frozen(kw_only=True)
class AccountJob(QueuedJob):
    """A mail about an account."""

    site: str
    identifier: str
