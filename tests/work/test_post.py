"""The post: each kind of job gets its letter. A failed job is recorded and returns to the queue."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.domain.account.coordinates import record_freeze
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.account_jobs import AccessFrozen, LostPassword
from chalicelib.mail.jobs import NotConfirmedYet, QueuedJob
from chalicelib.mail.staff_jobs import DeskJobDue
from chalicelib.work.post import WRITERS, FailureReport, post
from tests.support.campaigns import announce, begin, job, settle
from tests.support.enrolment_jobs import receipt_job
from tests.support.function_policy import beyond_the_policy
from tests.support.world import EMAIL, ROSSIGNOL, World


def event(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"body": body, "receiptHandle": "r"} for body in bodies]}


def lost(world: World) -> QueuedJob:
    mailbox = world.services.record.pseudonyms.of_mailbox(EMAIL)
    return LostPassword(request="request-1", asked_at=world.now, identifier=ROSSIGNOL.identifier, mailbox=mailbox)


def frozen(world: World) -> QueuedJob:
    before = world.account()
    after = record_freeze(before, replace(before, password=None, stamp="s"), Actor("family"), world.now, "decision")
    world.services.accounts.change(before, after)
    return AccessFrozen(
        request="request-1",
        asked_at=world.now,
        site=ROSSIGNOL.site,
        identifier=ROSSIGNOL.identifier,
        decision="decision",
    )


def kinds(base: type[QueuedJob] = QueuedJob) -> set[type]:
    """List the classes that name a kind of job, in the loaded modules."""
    return ({base} if "kind" in vars(base) else set()).union(*(kinds(job) for job in base.__subclasses__()))


@pytest.mark.wing
def test_there_is_a_writer_for_each_kind_of_job() -> None:
    assert set(WRITERS) == {*kinds(), DeskJobDue, FailureReport}


def test_a_change_that_is_not_stored_yet_goes_back_to_the_queue(world: World) -> None:
    world.settle()

    with pytest.raises(NotConfirmedYet):
        post(event(receipt_job(world).to_json()), None)


def test_a_failure_goes_back_to_the_queue_and_is_told(world: World) -> None:
    world.settle()

    with world.aws.failing("SendEmail", "before"), pytest.raises(Unavailable):
        post(event(lost(world).to_json()), None)

    assert [(e["event"], e["what"]) for e in world.events()] == [("unavailable", "ses InternalServerError")]


@pytest.mark.parametrize("body", ["", "{}", '{"kind": "unknown"}', '{"requestPayload": {}}', "not JSON"])
def test_a_job_of_no_kind_goes_back_too_and_ends_among_the_dead_letters(world: World, body: str) -> None:
    with pytest.raises(ValidationError):
        post(event(body), None)

    assert world.mails() == []


@pytest.mark.wing
def test_it_asks_the_tables_for_nothing_that_its_policy_does_not_allow(world: World) -> None:
    announce(world)
    begin(world)
    accounts = settle(world, 2, email="nid@example.org")
    (never,) = settle(world, 1, site="evry-magnard", email="é{}@example.org")
    (account,) = settle(world, 1, site="bondoufle-gounod")
    world.settle()
    jobs = (lost(world), job(world, *accounts), job(world, never), frozen(world))
    before = len(world.aws.table_requests)

    post(event(*(each.to_json() for each in jobs)), None)
    with world.aws.failing("SendEmail", "before", error=(400, "MessageRejected")), pytest.raises(Unavailable):
        post(event(job(world, account).to_json()), None)
    with world.aws.failing("SendEmail", "before"):
        post(event(job(world, account).to_json()), None)

    assert beyond_the_policy("post", world.aws.table_requests[before:], world.resources) == set()
