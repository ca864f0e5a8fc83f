"""The desk's jobs in a test's world: a worker that takes the messages, and a job that counts, in batches."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.job_run import Handler, JobOutcome, JobRun
from chalicelib.office.jobs.jobs import find_job
from chalicelib.work.long_jobs import desk_jobs
from tests.support.function_policy import held_to_the_policy
from tests.support.world import World
from tools.local.post import Consumer

MANAGER = "Odile Fauvette <fauvette@example.org>"


def read_job(world: World, job: DeskJob) -> DeskJob:
    """Read a job that exists."""
    there = find_job(world.services, job.id)
    assert there is not None
    return there


def deliver(world: World, handle: Callable[[dict[str, Any], object], object] = desk_jobs) -> int:
    """Process the queue's messages, delayed or not, and return their count."""
    world.aws.hurry()
    with held_to_the_policy("desk_jobs", world.aws, world.resources):
        return Consumer(world.aws, world.resources.desk_queue_url, handle).work_once()


def deliver_all(world: World) -> None:
    """Process messages until none is left."""
    while deliver(world):
        pass


def counting(counted: list[int], of: int = 3) -> Mapping[str, Handler]:
    """Make the handler of a job that counts up to a number, one per step, and saves its progress."""

    def count(run: JobRun) -> JobOutcome | None:
        for number in range(run.job.cursor.get("next", 0), of):
            counted.append(number)
            run.save({"next": number + 1}, number + 1, of)
            if not run.has_time():
                return None
        return JobOutcome("done", {"counted": of})

    return {"counting": count}
