"""The job that SES's topic wakes: it marks what a message tells; what fails is delivered again, and is told."""

from typing import Any

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.jobs.bounces import bounces
from tests.mail.test_bounces import published
from tests.world import World


def event(message: str) -> dict[str, Any]:
    told: dict[str, Any] = {"MessageId": "message-1", "Message": message, "Subject": None, "MessageAttributes": {}}
    return {"Records": [{"Sns": told}]}


def test_a_bounce_marks_the_address(world: World) -> None:
    world.settle()

    bounces(event(published()), None)

    assert [failing.kind for failing in world.account().failing] == ["bounced"]
    assert [each["request"] for each in world.events()] == ["message-1"]


def test_the_greeting_of_a_new_topic_is_no_error(world: World) -> None:
    bounces(event("Successfully validated SNS topic for Amazon SES event publishing."), None)

    assert [each["event"] for each in world.events()] == ["bounce_dropped"]


def test_a_failure_goes_up_and_is_told(world: World) -> None:
    world.settle()

    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        bounces(event(published()), None)

    assert [each["event"] for each in world.events()] == ["unavailable"]
