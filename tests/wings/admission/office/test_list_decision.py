"""A decision on all the candidates of a list: each once, also after a fault, and the refused by name and reason."""

from datetime import date, timedelta

import pytest

from chalicelib.office.jobs import list_decision
from chalicelib.office.jobs.jobs import confirm
from chalicelib.office.jobs.uploads import read_report
from chalicelib.wings.admission.office.applications import ApplicationQuery
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput
from chalicelib.wings.admission.office.list_decision import start_request_list
from tests.support.applications import NUMBER, SEASON
from tests.support.aws import When
from tests.support.desk_work import MANAGER, deliver, deliver_all, read_job
from tests.support.stored_applications import PIE, PIE_NUMBER, application_of, open_admission, send_again, states
from tests.support.world import World

SITES = ("evry-xenakis", "evry-magnard")
BY = "Basile Troglodyte <troglodyte@example.org>"
ASK = AdmissionDecisionInput("to_complete", BY, "Quel jour ?", until=date(2027, 7, 20))


@pytest.fixture(autouse=True)
def season(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store two families' applications, for Alba, Nils and Ugo. Decide one by one."""
    monkeypatch.setattr(list_decision, "AT_ONCE", 1)
    open_admission(world)
    application_of(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, world.now)


def every_state(world: World) -> dict[str, str]:
    return {**states(world, NUMBER), **states(world, PIE_NUMBER)}


def test_a_summary_names_those_left_out_and_what_changed_since_is_left_out_too(world: World) -> None:
    accept = AdmissionDecisionInput("accepted", BY)
    job = start_request_list(world.services, ApplicationQuery(), SITES, accept, world.now)
    deliver_all(world)
    job = read_job(world, job)
    assert (job.state, job.subject["season"], job.result) == ("ready", SEASON, {"waiting": 1, "request_wish_open": 2})
    report = read_report(world.services, job)
    assert report is not None
    assert report.lines["request_wish_open"][0][:2] == ["Alba Geai", "Mme Inès Geai"]

    send_again(world)
    confirm(world.services, job, MANAGER, {}, world.now)
    deliver_all(world)

    after = read_job(world, job)
    assert (after.state, after.result) == ("done", {"request_resent": 1})
    assert set(every_state(world).values()) == {"sent"}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("calls", range(3))
def test_a_fault_leaves_a_job_that_resumes_and_decides_each_once(world: World, when: When, calls: int) -> None:
    job = start_request_list(world.services, ApplicationQuery(), SITES, ASK, world.now)
    deliver_all(world)
    confirm(world.services, read_job(world, job), MANAGER, {}, world.now)
    with world.aws.failing("UpdateItem", when, skips=calls):
        deliver(world)
    world.wait(timedelta(minutes=3))
    deliver_all(world)

    after = read_job(world, job)
    assert (after.state, after.result) == ("done", {"done": 3})
    assert set(every_state(world).values()) == {"to_complete"}
    world.deliver_patiently()
    assert len(world.mails()) == 3
