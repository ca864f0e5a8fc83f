"""A worker's turns: after a crash, a repeated or a concurrent worker, a job continues and ends the same."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import LEASE, DeskJob, State
from chalicelib.office.jobs.job_run import JobHeld, JobOutcome, JobRun, work
from chalicelib.office.jobs.jobs import cancel, start
from chalicelib.office.refusals import OfficeRefusal
from tests.support.desk_work import MANAGER, counting, read_job
from tests.support.staff import in_parallel
from tests.support.world import World


def started(world: World) -> DeskJob:
    return start(world.services, DeskJob.ask("counting", MANAGER, world.now))


def turn(world: World, job: DeskJob, counts: list[int], has_time: Callable[[], bool] = lambda: True) -> State | None:
    return work(world.services, job.id, counting(counts), lambda: world.now, has_time)


def test_a_job_is_done_in_one_turn_where_it_has_the_time(world: World) -> None:
    job, counts = started(world), list[int]()

    assert turn(world, job, counts) == "done"

    end = read_job(world, job)
    assert (counts, end.state, end.done, end.of, end.lease) == ([0, 1, 2], "done", 3, 3, None)
    assert end.result == {"counted": 3}


def test_a_job_goes_on_in_another_turn_when_time_is_up(world: World) -> None:
    job, counts = started(world), list[int]()

    assert [turn(world, job, counts, lambda: False) for _ in range(4)] == [None, None, None, "done"]
    assert counts == [0, 1, 2]
    assert world.aws.queue_bodies().count(job.id) == 4  # the first, and one for each turn to come


def test_a_job_of_a_later_version_is_left_to_it(world: World) -> None:
    job = start(world.services, DeskJob.ask("of a later version", MANAGER, world.now))

    assert [turn(world, job, []) for _ in range(2)] == [None, None]

    assert read_job(world, job) == job
    assert world.aws.queue_bodies().count(job.id) == 3  # a worker looks again after each
    assert work(world.services, job.id, {job.kind: lambda _: JobOutcome("done", {})}, lambda: world.now, bool) == "done"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "calls"), [("GetItem", 1), ("UpdateItem", 5)])
def test_a_job_ends_the_same_whichever_call_failed(world: World, call: str, calls: int, when: Any) -> None:
    for skips in range(calls):
        job, counts = started(world), list[int]()
        with world.aws.failing(call, when, times=1, skips=skips), pytest.raises(Unavailable):
            turn(world, job, counts)
        world.wait(LEASE)
        ending = turn(world, job, counts)

        end = read_job(world, job)
        assert (end.state, end.result, end.done) == ("done", {"counted": 3}, 3)
        assert set(counts) == {0, 1, 2}
        assert ending in {"done", None}  # None: the ending itself was written, and its answer lost


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_turn_whose_successor_was_not_woken_is_taken_again(world: World, when: Any) -> None:
    job, counts = started(world), list[int]()
    with world.aws.failing("SendMessageBatch", when), pytest.raises(Unavailable):
        turn(world, job, counts, lambda: False)

    assert turn(world, job, counts) == "done"
    assert counts == [0, 1, 2]


def test_a_message_that_comes_twice_does_nothing_the_second_time(world: World) -> None:
    job, counts = started(world), list[int]()
    turn(world, job, counts)

    assert turn(world, job, counts) is None
    assert counts == [0, 1, 2]


def test_nobody_takes_what_another_worker_has(world: World) -> None:
    job, counts = started(world), list[int]()

    def inside(outer: JobRun) -> None:
        outer.save({"next": 1}, 1, 3)
        with pytest.raises(JobHeld):
            turn(world, job, counts)

    work(world.services, job.id, {"counting": inside}, lambda: world.now, lambda: True)

    assert counts == []
    assert read_job(world, job).cursor == {"next": 1}


def test_of_two_deliveries_at_once_one_has_the_job(world: World) -> None:
    job, counts = started(world), list[int]()

    def deliver(_number: int) -> None:
        with suppress(JobHeld):
            turn(world, job, counts)

    in_parallel(2, deliver)

    assert counts == [0, 1, 2]
    assert read_job(world, job).state == "done"


def test_a_worker_stops_where_somebody_gave_the_job_up(world: World) -> None:
    job, counts = started(world), list[int]()

    def has_time() -> bool:
        cancel(world.services, read_job(world, job), world.now)
        return True

    assert turn(world, job, counts, has_time) is None
    assert counts == [0, 1]  # what it had begun
    assert read_job(world, job).state == "cancelled"


def test_what_the_office_refuses_ends_the_job_with_its_reason(world: World) -> None:
    job = started(world)

    def refuse(_: JobRun) -> None:
        raise OfficeRefusal("file_empty", file="déposé")

    assert work(world.services, job.id, {"counting": refuse}, lambda: world.now, lambda: True) == "failed"
    assert read_job(world, job).result == {"refused": "file_empty", "facts": {"file": "déposé"}}


def test_a_job_that_is_there_no_more_is_nobody_s(world: World) -> None:
    assert work(world.services, "gone", {}, lambda: world.now, lambda: True) is None
