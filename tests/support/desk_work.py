"""The desk's jobs in a test's world: a worker that takes the messages, and a job that counts, in batches."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.job_run import Handler, JobOutcome, JobRun
from chalicelib.office.jobs.jobs import find_job
from chalicelib.work.long_jobs import desk_jobs
from chalicelib.work.post import post
from tests.support.function_policy import held_to_the_policy
from tests.support.world import World

MANAGER = "Odile Fauvette <fauvette@example.org>"


def read_job(world: World, job: DeskJob) -> DeskJob:
    """Read a job that exists."""
    there = find_job(world.services, job.id)
    assert there is not None
    return there


def deliver(world: World, handle: Callable[[dict[str, Any], object], object] = desk_jobs) -> int:
    """Have the post start the workers that the urgent queue asks for, delayed or not, run them, and count them."""
    for body in world.aws.take_messages('"desk_job"'):
        post({"Records": [{"body": body, "receiptHandle": ""}]}, None)
    events = list(world.aws.functions.events)
    world.aws.functions.events.clear()
    with held_to_the_policy("desk_jobs", world.aws, world.resources):
        for event in events:
            with suppress(Unavailable):  # Lambda's to retry
                handle(event, None)
    return len(events)


def deliver_all(world: World) -> None:
    """Process messages until none is left."""
    while deliver(world):
        pass


def counting(counts: list[int], of: int = 3) -> Mapping[str, Handler]:
    """Make the handler of a job that counts up to a number, one per step, and saves its progress."""

    def count(run: JobRun) -> JobOutcome | None:
        for number in range(run.job.cursor.get("next", 0), of):
            counts.append(number)
            run.save({"next": number + 1}, number + 1, of)
            if not run.has_time():
                return None
        return JobOutcome("done", {"counted": of})

    return {"counting": count}
