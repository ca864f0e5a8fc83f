"""The jobs of the desk: one run per delivery, retried soon after an AWS fault, then left to the dead letters."""

from typing import Any

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import LEASE, DeskJob
from chalicelib.office.jobs.job_run import MOST_TRIES
from chalicelib.office.jobs.jobs import start
from chalicelib.work import long_jobs
from chalicelib.work.long_jobs import desk_jobs
from tests.support.desk_work import MANAGER, counting, deliver, deliver_all, read_job
from tests.support.world import World


class Context:
    """Lambda's context, with the remaining time of each call."""

    def __init__(self, *left: int) -> None:
        self._left = list(left)

    def get_remaining_time_in_millis(self) -> int:
        """Return the next remaining time."""
        return self._left.pop(0)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    numbers: list[int] = []
    monkeypatch.setattr(long_jobs, "HANDLERS", counting(numbers))
    return numbers


def started(world: World) -> DeskJob:
    return start(world.services, DeskJob.ask("counting", MANAGER, world.now))


def test_a_message_has_its_job_done_and_recorded(world: World, counted: list[int]) -> None:
    job = started(world)
    deliver_all(world)

    assert (counted, read_job(world, job).state) == ([0, 1, 2], "done")
    assert [(event["event"], event["request"]) for event in world.events()] == [("desk_job_done", job.id)]


def test_a_job_goes_on_in_another_turn_once_a_minute_is_left(world: World, counted: list[int]) -> None:
    job, context = started(world), Context(90_000, 50_000, 90_000, 90_000)
    deliver(world, lambda event, _: desk_jobs(event, context))
    assert counted == [0, 1]

    deliver(world, lambda event, _: desk_jobs(event, context))

    assert (counted, read_job(world, job).state) == ([0, 1, 2], "done")


def test_what_fails_is_tried_again_once_nobody_can_have_it(world: World, counted: list[int]) -> None:
    job = started(world)
    with world.aws.failing("UpdateItem", "before", times=1, spared=2):
        assert deliver(world) == 1

    world.wait(LEASE)
    deliver_all(world)

    assert (counted, read_job(world, job).state) == ([0, 1, 1, 2], "done")
    assert [event["event"] for event in world.events()] == ["unavailable", "desk_job_done"]


def test_what_fails_again_and_again_goes_up_to_lambda(world: World, counted: list[int]) -> None:
    event: dict[str, Any] = {
        "Records": [{"body": f'{{"job": "{started(world).id}", "tries": {MOST_TRIES}}}', "receiptHandle": "r"}]
    }
    with world.aws.failing("GetItem", "before"), pytest.raises(Unavailable):
        desk_jobs(event, None)

    assert counted == []
