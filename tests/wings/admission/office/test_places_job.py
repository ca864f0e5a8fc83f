"""Places as jobs: a list imported as it was shown, and offers made as they were planned, by one of two managers."""

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import LEASE, DeskJob
from chalicelib.office.jobs.job_run import work
from chalicelib.office.jobs.jobs import OFFERS, confirm, start
from chalicelib.wings.admission.office.offers import advance
from chalicelib.work.long_jobs import HANDLERS
from tests.support.admission import announce, stores
from tests.support.allocation import HARP, VIOLIN, ask, close, held
from tests.support.aws import When, faults_of
from tests.support.desk_work import MANAGER, deliver_all, read_job
from tests.support.imports import carried_out, report, surveyed
from tests.support.world import World

SITES = ("evry-magnard", "evry-xenakis")


def listed(harps: int = 3, discipline: str = "Harpe") -> bytes:
    text = f"Site;Discipline;Places;Réinscrits\nevry-magnard;Violon;12;5\nevry-xenakis;{discipline};{harps};0\n"
    return text.encode()


def places(world: World) -> dict[str, int]:
    return {pool.discipline: pool.capacity for pool in stores(world).pools.of_season("2026", SITES)}


def planned(world: World) -> DeskJob:
    job = start(world.services, DeskJob.ask(OFFERS, MANAGER, world.now))
    deliver_all(world)
    return read_job(world, job)


def test_a_list_is_looked_at_then_imported(world: World) -> None:
    announce(world)
    job = surveyed(world, listed(), "places")
    assert (job.state, report(world, job).kinds, places(world)) == ("ready", {"new": 2}, {})

    desk_job = carried_out(world, job)

    assert (desk_job.state, places(world)) == ("done", {"Violon": 7, "Harpe": 3})
    (entry,) = world.services.audit_trail.on("*", "season")
    assert (entry.kind, entry.author.who) == ("places_imported", MANAGER)
    assert report(world, surveyed(world, listed(4), "places")).kinds == {"unchanged": 1, "changed": 1}


def test_a_wrong_row_is_shown_and_nothing_is_imported(world: World) -> None:
    announce(world)
    job = surveyed(world, listed(discipline="Harpie"), "places")

    assert "« Harpie » n'est pas une discipline" in str(report(world, job).lines["error"][0][-1])
    assert (carried_out(world, job).result, places(world)) == ({"refused": "places_wrong"}, {})


def test_of_two_lists_only_the_one_that_is_still_as_shown_is_imported(world: World) -> None:
    announce(world)
    first, second = surveyed(world, listed(3), "places"), surveyed(world, listed(5), "places")
    carried_out(world, second)

    assert carried_out(world, first).result == {"refused": "plan_moved"}
    assert places(world)["Harpe"] == 5


@faults_of("PUT", "UpdateItem", "BatchWriteItem")
@pytest.mark.parametrize("spared", [0, 1, 2])
def test_an_import_that_a_fault_ends_is_finished_and_told(world: World, call: str, when: When, spared: int) -> None:
    announce(world)
    job = surveyed(world, listed(), "places")
    confirm(world.services, job, MANAGER, {}, world.now)

    with world.aws.failing(call, when, times=1, skips=spared):
        try:
            work(world.services, job.id, HANDLERS, lambda: world.now, lambda: True)
        except Unavailable:
            world.wait(LEASE)
    deliver_all(world)

    assert (read_job(world, job).state, places(world)) == ("done", {"Violon": 7, "Harpe": 3})
    assert report(world, job).kinds == {"new": 2}


def test_offers_are_planned_with_names_then_made_as_planned(world: World) -> None:
    close(world, {VIOLIN: 1})
    first = ask(world, "P26-AAAA-2222", VIOLIN)
    job = planned(world)
    (line,) = report(world, job).lines["offered"]
    assert (line[2], "" in line[:4], held(world, VIOLIN)) == ("P26-AAAA-2222", False, {})

    assert carried_out(world, job).state == "done"

    assert held(world, VIOLIN) == {first: "offered"}
    (entry,) = world.services.audit_trail.on("*", "season")
    assert (entry.kind, entry.author.who) == ("places_offered", MANAGER)


def test_a_plan_that_changed_since_is_not_carried_out(world: World) -> None:
    close(world, {VIOLIN: 1, HARP: 1})
    ask(world, "P26-AAAA-2222", VIOLIN)
    first, second = planned(world), planned(world)
    ask(world, "P26-BBBB-3333", HARP)

    assert carried_out(world, first).result == {"refused": "plan_moved"}
    advance(world.services, world.now)
    assert carried_out(world, second).result == {"refused": "plan_moved"}


@pytest.mark.parametrize("when", ["before", "after"])
def test_offers_that_a_fault_ends_are_made_once(world: World, when: When) -> None:
    close(world, {VIOLIN: 1})
    first = ask(world, "P26-AAAA-2222", VIOLIN)
    job = planned(world)
    confirm(world.services, job, MANAGER, {}, world.now)

    with world.aws.failing("UpdateItem", when, skips=2, times=1), pytest.raises(Unavailable):
        work(world.services, job.id, HANDLERS, lambda: world.now, lambda: True)
    world.wait(LEASE)
    deliver_all(world)

    assert (read_job(world, job).state, held(world, VIOLIN)) == ("done", {first: "offered"})
    assert report(world, job).kinds["offered"] == 1
