"""The job of each hour: what has expired passes on; what fails is told, and Lambda tries again."""

from typing import Any

from chalicelib.jobs.offers import offers
from tests.support.world import World

EVENT: dict[str, Any] = {
    "version": "0",
    "id": "event-1",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-09-01T07:00:00Z",
    "region": "eu-west-3",
    "resources": ["arn:aws:events:eu-west-3:123456789012:rule/offers"],
    "detail": {},
}


def test_an_hour_in_which_nothing_expired_says_nothing(world: World) -> None:
    offers(EVENT, None)

    assert world.events() == []
