"""The folder of a job's file and report: nothing of them is in the job's own record."""

from chalicelib.office.jobs.uploads import folder_of, read_report
from tests.support.imports import csv, dropped, row, surveyed
from tests.support.world import World


def test_a_job_has_no_report_before_its_file_was_read(world: World) -> None:
    job = dropped(world, csv([row(1)]))

    assert read_report(world.services, job) is None


def test_what_was_read_stands_beside_the_file_and_not_in_the_record(world: World) -> None:
    job = surveyed(world, csv([row(1, "Famille Hypolais")]))

    assert b"Hypolais" in world.aws.documents(world.resources)[f"{folder_of(job)}report"]
    assert "Hypolais" not in world.aws.everything(world.resources)
