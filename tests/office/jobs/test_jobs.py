"""Jobs that staff start, confirm, wake, give up and forget."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.jobs.jobs import Report, cancel, confirm, find_job, forget, list_jobs, start, start_again, wake
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import OVERTAKEN
from tests.support.desk_work import MANAGER, read_job
from tests.support.world import World


def noted(count: int) -> Report:
    report = Report()
    for number in range(count):
        report.note("new", "evry-xenakis", [(number, "Famille")])
        report.note("error", "", [(number, "Ligne")])
    return report


def test_all_is_counted_and_ten_thousand_lines_of_a_list_are_kept() -> None:
    report = noted(10_001)

    assert (report.kinds["new"], report.sites["evry-xenakis", "new"]) == (10_001, 10_001)
    assert (len(report.lines["new"]), len(report.lines["error"])) == (10_000, 10_000)


def test_it_goes_on_where_it_was_read() -> None:
    report = noted(2)
    report.facts = {"rows": 2}
    report.leavers = (AccountRef("evry-xenakis", "xen1"),)
    report.movers = {AccountRef("evry-xenakis", "xen2")}

    again = Report.from_json(report.to_json())

    assert again.to_json() == report.to_json()
    again.note("new", "evry-xenakis", [(2, "Famille")])
    assert (again.kinds["new"], again.leavers, again.movers) == (3, report.leavers, report.movers)


def started(world: World) -> DeskJob:
    return read_job(world, start(world.services, DeskJob.ask("counting", MANAGER, world.now)))


def ready(world: World) -> DeskJob:
    job = started(world)
    return world.services.staff.jobs.change(job, job.end("ready", {"n": 2}, world.now))


def messages(world: World) -> int:
    return world.aws.queue_bodies().count('"job"')


def test_a_job_that_starts_is_stored_then_wakes_a_worker(world: World) -> None:
    job = started(world)

    assert (job.state, job.asked_by) == ("waiting", MANAGER)
    assert messages(world) == 1
    assert list_jobs(world.services) == (job,)


def test_a_job_whose_message_was_lost_is_woken_by_starting_it_again(world: World) -> None:
    job = DeskJob.ask("counting", MANAGER, world.now, id="of-this-file")
    with world.aws.failing("SendMessageBatch", "before"), pytest.raises(Unavailable):
        start(world.services, job)
    start(world.services, replace(job, asked_by="somebody else"))

    assert messages(world) == 1
    assert read_job(world, job).asked_by == MANAGER


def test_what_is_ready_is_confirmed_once(world: World) -> None:
    job = ready(world)
    confirm(world.services, job, "Adèle", {"sure": True}, world.now)

    with pytest.raises(OfficeRefusal, match="desk_job_moved"):
        confirm(world.services, job, "Basile", {}, world.now)

    assert (read_job(world, job).state, read_job(world, job).confirmed_by) == ("applying", "Adèle")


def test_what_nobody_found_yet_is_not_confirmed(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="desk_job_moved"):
        confirm(world.services, started(world), MANAGER, {}, world.now)


def test_a_job_is_given_up_even_while_its_worker_writes(world: World) -> None:
    job = started(world)
    world.services.staff.jobs.change(job, job.take(world.now))

    assert cancel(world.services, job, world.now).state == "cancelled"
    with pytest.raises(OfficeRefusal, match="desk_job_moved"):
        cancel(world.services, read_job(world, job), world.now)


def test_a_job_that_changes_each_time_is_unavailable(world: World) -> None:
    job = started(world)
    world.aws.calls.clear()

    with world.aws.failing("UpdateItem", "before", error=OVERTAKEN), pytest.raises(Unavailable):
        cancel(world.services, job, world.now)

    assert world.aws.calls.count("UpdateItem") == RACES


def test_a_job_that_was_confirmed_since_it_was_read_is_not_given_up(world: World) -> None:
    job = ready(world)
    confirm(world.services, job, MANAGER, {}, world.now)

    with pytest.raises(OfficeRefusal, match="desk_job_moved"):
        cancel(world.services, job, world.now)

    assert read_job(world, job).state == "applying"


def test_a_job_that_is_ready_finds_anew(world: World) -> None:
    again = start_again(world.services, ready(world), world.now)

    assert (again.state, again.result) == ("waiting", {"n": 2})
    assert messages(world) == 2


def test_a_job_that_stands_still_is_woken(world: World) -> None:
    wake(world.services, started(world))

    assert messages(world) == 2


def test_only_what_is_over_is_forgotten(world: World) -> None:
    job = started(world)
    with pytest.raises(OfficeRefusal, match="desk_job_at_work"):
        forget(world.services, job)

    forget(world.services, cancel(world.services, job, world.now))

    assert find_job(world.services, job.id) is None
