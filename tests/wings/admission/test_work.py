"""The hourly job: expired offers pass on. A failure is recorded, and Lambda tries again."""

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.admission import work as job
from chalicelib.wings.admission.work import offers
from tests.support.events import scheduled
from tests.support.function_policy import held_to_the_policy
from tests.support.world import World


def test_an_hour_in_which_nothing_expired_says_nothing(world: World) -> None:
    with held_to_the_policy("offers", world.aws, world.resources):
        offers(scheduled(), None)

    assert world.events() == []


def test_a_failure_goes_up_to_be_tried_again_and_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("dynamodb Scan")

    monkeypatch.setattr(job, "advance", fail)

    with pytest.raises(Unavailable):
        offers(scheduled(), None)

    assert [(event["event"], event["request"]) for event in world.events()] == [("unavailable", "event-1")]
