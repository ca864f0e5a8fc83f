"""The job that SES's topic triggers: it stores each report. A failed report is recorded and delivered again."""

import json
from typing import Any

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.campaign.domain.campaigns import CANARY
from chalicelib.work.bounces import bounces
from chalicelib.work.post import job_from_json, post
from tests.support.campaigns import SEASON, announce, begin, job, settle, states
from tests.support.function_policy import beyond_the_policy
from tests.support.ses_events import bounce_event
from tests.support.world import World


def event(message: str) -> dict[str, Any]:
    sns: dict[str, Any] = {"MessageId": "message-1", "Message": message, "Subject": None, "MessageAttributes": {}}
    return {"Records": [{"Sns": sns}]}


def test_a_bounce_marks_the_address(world: World) -> None:
    world.settle()

    bounces(event(bounce_event()), None)

    assert [failing.kind for failing in world.account().failing_mailboxes] == ["bounced"]
    assert [each["request"] for each in world.events()] == ["message-1"]


def test_the_greeting_of_a_new_topic_is_no_error(world: World) -> None:
    bounces(event("Successfully validated SNS topic for Amazon SES event publishing."), None)

    assert [each["event"] for each in world.events()] == ["bounce_dropped"]


def test_a_failure_goes_up_and_is_told(world: World) -> None:
    world.settle()

    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        bounces(event(bounce_event()), None)

    assert [each["event"] for each in world.events()] == ["unavailable"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_bounce_that_lambda_gave_up_is_stored_once_its_report_is_sent_on(world: World, when: Any) -> None:
    """From the dead letters to the queue of the post, as any letter."""
    world.settle()
    context = {"requestId": "run-1", "functionArn": "arn:aws:lambda:eu-west-3:123456789012:function:returns:$LATEST"}
    report = {"version": "1.0", "requestContext": context, "requestPayload": event(bounce_event())}
    letter = {"Records": [{"body": json.dumps(report | {"responsePayload": None}), "receiptHandle": "r"}]}

    with world.aws.failing("Invoke", when), pytest.raises(Unavailable):
        post(letter, None)
    post(letter, None)
    for run in world.aws.functions.events:
        bounces(run, None)

    assert [failing.kind for failing in world.account().failing_mailboxes] == ["bounced"]
    assert getattr(job_from_json(json.dumps(report)), "function", "") == "returns"
    assert world.events()[0]["request"] == "run-1"


@pytest.mark.wing("campaign")
def test_a_campaign_learns_that_its_mail_arrived(world: World) -> None:
    announce(world)
    begin(world)
    families = settle(world, 2, email="nid@example.org")
    post({"Records": [{"body": job(world, *families).to_json(), "receiptHandle": "r"}]}, None)
    before = len(world.aws.table_requests)

    for mail in world.aws.ses.mails:
        bounces(event(json.dumps(mail.event())), None)

    assert states(world, families[0]) == states(world, families[1]) == ["delivered"]
    assert beyond_the_policy("bounces", world.aws.table_requests[before:], world.resources) == set()


@pytest.mark.wing("campaign")
def test_marking_and_stopping_ask_for_nothing_more(world: World) -> None:
    announce(world)
    begin(world)
    (family,) = settle(world, 1, email="rebond{}@example.org")
    for _ in range(CANARY):
        world.services.campaigns.count(SEASON, "sent", "bounced")
    post({"Records": [{"body": job(world, family).to_json(), "receiptHandle": "r"}]}, None)
    before = len(world.aws.table_requests)

    for mail in world.aws.ses.mails:
        bounces(event(json.dumps(mail.event())), None)

    assert world.events()[-1]["event"] == "campaign_stopped"
    assert beyond_the_policy("bounces", world.aws.table_requests[before:], world.resources) == set()
