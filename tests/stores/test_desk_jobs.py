"""The stored jobs of the desk: one worker per job, and unknown parts stay."""

from datetime import timedelta

import pytest

from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.stores.desk_jobs import DeskJobs
from tests.support.world import World

WHO = "Odile Fauvette <fauvette@example.org>"


def store(world: World) -> DeskJobs:
    return DeskJobs(world.database, world.resources.staff_table)


def asked(world: World) -> DeskJob:
    job = DeskJob.ask("families", WHO, world.now, {"etag": "e"})
    store(world).create(job)
    job_found = store(world).find(job.id)
    assert job_found is not None
    return job_found


def test_the_newest_stands_first(world: World) -> None:
    first = asked(world)
    world.wait(timedelta(minutes=1))
    second = asked(world)

    assert [job.id for job in store(world).all()] == [second.id, first.id]


def test_who_lost_a_job_writes_nothing_more_of_it(world: World) -> None:
    job = asked(world)
    desk_job = store(world).change(job, job.take(world.now))
    store(world).change(desk_job, desk_job.take(world.now))

    with pytest.raises(WriteConflict):
        store(world).change(desk_job, desk_job.go_on({"batch": 9}, 900, 900, world.now))
