"""The jobs of the desk: one run per delivery, retried soon after an AWS fault, then left to the dead letters."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import LEASE, DeskJob
from chalicelib.office.jobs.job_run import AGAIN_AFTER, MOST_TRIES, JobRun
from chalicelib.office.jobs.jobs import start
from chalicelib.work import long_jobs
from chalicelib.work.long_jobs import desk_jobs
from tests.support.desk_work import MANAGER, counting, deliver, deliver_all, read_job
from tests.support.world import World


class Context:
    """Lambda's context, with the remaining time of each call."""

    def __init__(self, *rest: int) -> None:
        self._rest = list(rest)

    def get_remaining_time_in_millis(self) -> int:
        """Return the next remaining time."""
        return self._rest.pop(0)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    numbers: list[int] = []
    monkeypatch.setattr(long_jobs, "HANDLERS", counting(numbers))
    return numbers


def started(world: World) -> DeskJob:
    return start(world.services, DeskJob.ask("counting", MANAGER, world.now))


def test_a_message_has_its_job_done_and_recorded(world: World, counts: list[int]) -> None:
    job = started(world)
    deliver_all(world)

    assert (counts, read_job(world, job).state) == ([0, 1, 2], "done")
    assert [(event["event"], event["request"]) for event in world.events()] == [("desk_job_done", job.id)]


def test_a_job_goes_on_in_another_turn_once_a_minute_is_left(world: World, counts: list[int]) -> None:
    job, context = started(world), Context(90_000, 50_000, 90_000, 90_000)
    deliver(world, lambda event, _: desk_jobs(event, context))
    assert counts == [0, 1]

    deliver(world, lambda event, _: desk_jobs(event, context))

    assert (counts, read_job(world, job).state) == ([0, 1, 2], "done")


def test_what_fails_is_tried_again_once_nobody_can_have_it(world: World, counts: list[int]) -> None:
    job = started(world)
    with world.aws.failing("UpdateItem", "before", times=1, skips=2):
        assert deliver(world) == 1

    world.wait(LEASE)
    deliver_all(world)

    assert (counts, read_job(world, job).state) == ([0, 1, 1, 2], "done")
    assert [event["event"] for event in world.events()] == ["unavailable", "desk_job_done"]


def test_what_fails_again_and_again_goes_up_to_lambda(world: World, counts: list[int]) -> None:
    event = {"job": started(world).id, "tries": MOST_TRIES}
    with world.aws.failing("GetItem", "before"), pytest.raises(Unavailable):
        desk_jobs(event, None)

    assert counts == []


def test_a_job_whose_worker_died_goes_on_once_its_lease_is_over(world: World, counts: list[int]) -> None:
    """Lambda invokes a dead function again after a minute, while its lease still holds the job."""
    job = started(world)

    def die(event: dict[str, Any], _context: object) -> None:
        run = JobRun(world.services, read_job(world, job), lambda: world.now, lambda: True)
        run.take()
        run.save({"next": 1}, 1, 3)
        world.aws.functions.events.append(event)

    deliver(world, die)
    world.wait(timedelta(minutes=1))
    deliver(world)
    assert (counts, world.aws.delays()) == ([], [AGAIN_AFTER.total_seconds()])

    world.wait(AGAIN_AFTER)
    deliver_all(world)

    assert (counts, read_job(world, job).state) == ([1, 2], "done")


def test_a_message_for_a_job_that_a_worker_holds_comes_back_a_few_times_only(world: World) -> None:
    JobRun(world.services, read_job(world, started(world)), lambda: world.now, lambda: True).take()

    assert [deliver(world) for _ in range(MOST_TRIES + 2)] == [*[1] * (MOST_TRIES + 1), 0]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_start_that_fails_is_the_queue_s_to_try_again(world: World, counts: list[int], when: Any) -> None:
    job = started(world)
    with world.aws.failing("Invoke", when):
        world.deliver()
    assert [event["event"] for event in world.events()] == ["unavailable"]

    world.aws.come_again()
    deliver_all(world)

    assert (counts, read_job(world, job).state) == ([0, 1, 2], "done")
