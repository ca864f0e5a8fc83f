"""A decision on all the pupils of a list: summed up, confirmed, and made once on those that stayed the same."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.jobs import list_decision
from chalicelib.office.jobs.jobs import cancel, confirm
from chalicelib.office.jobs.list_decision import start_list_decision
from chalicelib.office.jobs.uploads import read_report
from tests.support.aws import When
from tests.support.desk_work import MANAGER, deliver, deliver_all, read_job
from tests.support.enrolled_families import (
    CHANGES,
    MERLE,
    SEASON,
    draft_again,
    keep,
    open_for_rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.world import ROSSIGNOL, World

SITE = "evry-xenakis"
OTHERS = tuple(AccountRef(SITE, f"xen{number}") for number in (7, 8, 9))
BY = "Basile Troglodyte <troglodyte@example.org>"


@pytest.fixture(autouse=True)
def season(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store a family with a sent pupil, one that leaves and one not sent, and four with a sent one. Decide by twos."""
    monkeypatch.setattr(list_decision, "AT_ONCE", 2)
    open_for_rossignol(world, days=1)
    for number, ref in enumerate((MERLE, *OTHERS)):
        submitted_alone(world, ref, f"Famille {number}", f"Tom {number}", f"R27-MMMM-444{number}")


def ask(world: World) -> DeskJob:
    decision = EnrolmentDecisionInput("accepted", BY)
    job = start_list_decision(world.services, PupilQuery(SITE, SEASON), decision, world.now)
    deliver_all(world)
    return read_job(world, job)


def accepted(world: World) -> list[str]:
    enrolments = (world.services.enrolments.find(EnrolmentRef(ref, SEASON)) for ref in (ROSSIGNOL, MERLE, *OTHERS))
    return [pupil.name for one in enrolments for pupil in one.pupils if pupil.state == "accepted"]


def test_a_summary_counts_what_would_be_decided_and_why_others_are_left_out(world: World) -> None:
    job = ask(world)

    assert (job.state, job.result) == ("ready", {"waiting": 5, "decide_nothing_sent": 1, "decide_leaving": 1})
    assert (accepted(world), world.mails()) == ([], [])
    report = read_report(world.services, job)
    assert report is not None
    assert report.lines["decide_leaving"] == [
        ["Ève Rossignol", "Famille Rossignol", report.lines["decide_leaving"][0][2]]
    ]
    assert "Ève Rossignol" not in str(job), "the job's item names no pupil"


def test_once_confirmed_those_that_stayed_the_same_are_decided_and_the_others_reported(world: World) -> None:
    job = ask(world)
    enrolment = world.services.enrolments.find(EnrolmentRef(MERLE, SEASON))
    (key,) = (pupil.key for pupil in enrolment.pupils)
    keep(world, send_pupils(draft_again(enrolment, key, CHANGES), "R27-XXXX-7777", key, at=world.now))

    confirm(world.services, job, MANAGER, {}, world.now)
    deliver_all(world)

    after = read_job(world, job)
    assert (after.state, after.result, after.done) == ("done", {"done": 4, "decide_resent": 1}, 5)
    assert accepted(world) == ["Zélie Rossignol", "Tom 1", "Tom 2", "Tom 3"]
    pupils = world.services.enrolments.find(EnrolmentRef(OTHERS[0], SEASON)).pupils
    assert [pupil.sent.decision.by for pupil in pupils if pupil.sent and pupil.sent.decision] == [MANAGER]
    world.deliver_patiently()
    assert len(world.mails()) == 5, "the first family has two addresses"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("calls", range(4))
def test_a_fault_at_any_decision_leaves_a_job_that_resumes_and_decides_each_once(
    world: World, when: When, calls: int
) -> None:
    job = ask(world)
    confirm(world.services, job, MANAGER, {}, world.now)
    with world.aws.failing("UpdateItem", when, skips=calls):
        deliver(world)
    world.wait(timedelta(minutes=3))
    deliver_all(world)

    after = read_job(world, job)
    assert (after.state, after.result) == ("done", {"done": 5})
    assert len(accepted(world)) == 5
    world.deliver_patiently()
    assert len(world.mails()) == 6


def test_a_job_that_is_given_up_decides_nothing_more(world: World) -> None:
    job = ask(world)
    cancel(world.services, job, world.now)
    deliver_all(world)

    assert (read_job(world, job).state, accepted(world)) == ("cancelled", [])
