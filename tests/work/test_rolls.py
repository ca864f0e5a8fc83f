"""The morning job: a failure is recorded, Lambda tries again, and a repeated run changes nothing."""

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.work.rolls import rolls
from tests.support.events import scheduled
from tests.support.function_policy import held_to_the_policy
from tests.support.missing_rolls import settle_lesson
from tests.support.world import World


def test_a_morning_twice_recalls_once(world: World) -> None:
    settle_lesson(world)

    with held_to_the_policy("rolls", world.aws, world.resources):
        rolls(scheduled(), None)
        rolls(scheduled(), None)
    world.deliver()

    assert len(world.mails()) == 1
    assert world.events()[0] | {"time": ""} == {
        "time": "",
        "event": "rolls_recalled",
        "request": "event-1",
        "posted": 1,
    }


def test_a_failure_goes_up_to_be_tried_again_and_is_told(world: World) -> None:
    with world.aws.failing("Query", "before"), pytest.raises(Unavailable):
        rolls(scheduled(), None)

    assert [(event["event"], event["request"]) for event in world.events()] == [("unavailable", "event-1")]
