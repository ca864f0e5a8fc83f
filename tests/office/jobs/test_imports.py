"""A file's job: its working files are deleted once it is done, and a late worker has nothing to do."""

from typing import Any

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import LEASE
from chalicelib.office.jobs.job_run import work
from chalicelib.office.jobs.jobs import confirm
from chalicelib.office.jobs.uploads import FILE, folder_of
from chalicelib.work.long_jobs import HANDLERS
from tests.support.desk_work import MANAGER
from tests.support.imports import csv, report, row, surveyed
from tests.support.world import World


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_whose_erasure_failed_is_erased_by_the_next_turn(world: World, when: Any) -> None:
    job = surveyed(world, csv([row(1)]))
    confirm(world.services, job, MANAGER, {}, world.now)
    with world.aws.failing("POST", when), pytest.raises(Unavailable):
        work(world.services, job.id, HANDLERS, lambda: world.now, lambda: True)

    world.wait(LEASE)
    assert work(world.services, job.id, HANDLERS, lambda: world.now, lambda: True) == "done"
    assert list(world.aws.documents(world.resources)) == [f"{folder_of(job)}report"]


def test_a_report_that_somebody_erased_ends_the_job(world: World) -> None:
    job = surveyed(world, csv([row(number) for number in range(3)]))
    world.services.documents.delete((folder_of(job) + FILE,))
    confirm(world.services, job, MANAGER, {}, world.now)

    assert work(world.services, job.id, HANDLERS, lambda: world.now, lambda: True) == "failed"
    assert report(world, job).facts["refused"] == "import_file_gone"
