"""A worker's turn at a job of the desk: it continues under a lease until the job is done or time is up."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.desk_jobs import LEASE, DeskJob, State
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices as Services
from chalicelib.values import frozen

MOST_TRIES: Final = 5  # failures in a row, after which the job rests until it is woken
UNKNOWN_REST: Final = timedelta(minutes=15)  # the longest that a queue delays
AGAIN_AFTER: Final = LEASE + timedelta(seconds=10)  # when no worker can still hold it


class JobHeld(Exception):
    """A worker holds the job: alive, or dead until its lease ends."""


class JobLost(Exception):
    """The job was given up, or another worker holds it. This worker stops without writing."""


@frozen
class JobOutcome:
    """The end of a job: a state and its details."""

    state: State
    result: Mapping[str, Any]


class JobRun:
    """One worker at one job. Its clock is read at each save: a turn may take minutes."""

    def __init__(
        self, services: Services, job: DeskJob, clock: Callable[[], datetime], has_time: Callable[[], bool]
    ) -> None:
        self.services = services
        self.job = job
        self.now = clock()
        self.clock = clock
        self.has_time = has_time
        self.rest = timedelta(0)  # until the next turn, for a job that waits

    def save(self, cursor: Mapping[str, Any], count: int, of: int) -> None:
        """Save the job's progress. Raises `JobLost`."""
        self._write(self.job.go_on(cursor, count, of, self.clock()))

    def take(self) -> None:
        """Take the job. Raises `JobLost`."""
        self._write(self.job.take(self.now))

    def end(self, ending: JobOutcome) -> None:
        """Write the job's outcome. Raises `JobLost`."""
        self._write(self.job.end(ending.state, ending.result, self.clock()))

    def let_go(self) -> None:
        """Release the job as it is, for the next turn. Raises `JobLost`."""
        self._write(self.job.let_go(self.clock()))

    def _write(self, after: DeskJob) -> None:
        try:
            self.job = self.services.staff.jobs.change(self.job, after)
        except WriteConflict:
            raise JobLost from None


# Continues a job from its cursor. None: time was up, and its progress is saved.
Handler = Callable[[JobRun], JobOutcome | None]


def work(
    services: Services,
    id: str,  # noqa: A002 - its name everywhere
    handlers: Mapping[str, Handler],
    clock: Callable[[], datetime],
    has_time: Callable[[], bool],
) -> State | None:
    """Take a turn at a job. Returns its final state, or None if it goes on or could not be taken.

    A message that is late, repeated or concurrent has no effect. A job that only a later version knows, before a
    rollback, is left to it, and a worker looks again from time to time. Raises `JobHeld`, or `Unavailable`: the job
    stays as last saved.
    """
    job = services.staff.jobs.find(id)
    if job is None or not job.is_at_work:
        return None
    if job.is_held(clock()):
        raise JobHeld
    if job.kind not in handlers:
        services.post_box.wake_desk_job(id, delay=UNKNOWN_REST)
        return None
    run = JobRun(services, job, clock, has_time)
    try:
        run.take()
        ending = _ending_of(run, handlers[job.kind])
        if ending:
            run.end(ending)
            return ending.state
        run.let_go()
    except JobLost:
        return None
    services.post_box.wake_desk_job(id, delay=run.rest)
    return None


def _ending_of(run: JobRun, handler: Handler) -> JobOutcome | None:
    try:
        return handler(run)
    except OfficeRefusal as refusal:
        return JobOutcome("failed", {"refused": refusal.code, "facts": dict(refusal.facts)})
