"""The campaigns in the office's table: created once, counted concurrently, stopped and restarted."""

import threading
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.services.office import OfficeServices
from chalicelib.wings.campaign.domain.campaigns import CANARY, Campaign
from tests.support.aws import When
from tests.support.world import OPENING_MORNING, World

NOTICE = Campaign("rentree-2026", OPENING_MORNING, "Mme Loriot")


def campaign_of(world: World, name: str = NOTICE.name) -> Campaign:
    campaign = world.services.campaigns.find(name)
    assert campaign is not None
    return campaign


def test_begun_again_it_is_the_one_that_stands_there(world: World) -> None:
    world.services.campaigns.begin(NOTICE)
    world.services.campaigns.count(NOTICE.name, "sent")

    again = world.services.campaigns.begin(replace(NOTICE, started_by="M. Pinson"))

    assert again == replace(NOTICE, sent=1)


def test_many_who_count_at_once_lose_nothing(world: World) -> None:
    world.services.campaigns.begin(NOTICE)

    def count() -> None:
        campaigns = OfficeServices.over(wiring.build(world.services.settings, calls=1, patience=20)).campaigns
        for _ in range(5):
            campaigns.count(NOTICE.name, "sent", "delivered")

    counters = [threading.Thread(target=count) for _ in range(6)]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()

    assert campaign_of(world) == replace(NOTICE, sent=30, delivered=30)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_while_it_begins_begins_it_once(world: World, when: When) -> None:
    with world.aws.failing("PutItem", when), pytest.raises(Unavailable):
        world.services.campaigns.begin(NOTICE)

    assert world.services.campaigns.begin(NOTICE) == NOTICE
    assert list(world.services.campaigns.all()) == [NOTICE]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_while_it_stops_leaves_it_as_it_was_or_stopped(world: World, when: When) -> None:
    world.services.campaigns.begin(NOTICE)

    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        world.services.campaigns.stop(NOTICE.name)

    assert campaign_of(world).state == ("running" if when == "before" else "stopped")


def test_it_stops_by_itself_once_and_only_when_it_must(world: World) -> None:
    campaigns = world.services.campaigns
    campaigns.begin(NOTICE)
    for _ in range(2):
        campaigns.count(NOTICE.name, "sent", "bounced")
    for _ in range(CANARY - 3):
        campaigns.count(NOTICE.name, "sent")
    assert not campaigns.stop_if_it_must(NOTICE.name)
    campaigns.count(NOTICE.name, "sent")

    assert campaigns.stop_if_it_must(NOTICE.name)
    assert campaign_of(world).state == "stopped"
    assert not campaigns.stop_if_it_must(NOTICE.name)
