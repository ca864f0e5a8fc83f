"""The campaigns in the office's table: created once, counted concurrently, stopped and restarted."""

import threading
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.campaign.campaigns import CANARY, Campaign
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.refusals import Unavailable
from tests.support.aws import When
from tests.support.world import OPENING_MORNING, World

NOTICE = Campaign("rentree-2026", OPENING_MORNING, "Mme Loriot")
REMINDER = Campaign("rappel", OPENING_MORNING, "Mme Loriot", "bounced", "rentree-2026", OPENING_MORNING)


def campaign_of(world: World, name: str = NOTICE.name) -> Campaign:
    campaign = world.services.campaigns.find(name)
    assert campaign is not None
    return campaign


@pytest.mark.parametrize("campaign", [NOTICE, REMINDER], ids=lambda each: each.name)
def test_what_is_begun_comes_back(world: World, campaign: Campaign) -> None:
    assert world.services.campaigns.begin(campaign) == campaign

    assert campaign_of(world, campaign.name) == campaign


def test_a_campaign_that_was_not_begun_is_none(world: World) -> None:
    assert world.services.campaigns.find("rentree-2026") is None
    assert list(world.services.campaigns.all()) == []


def test_begun_again_it_is_the_one_that_stands_there(world: World) -> None:
    world.services.campaigns.begin(NOTICE)
    world.services.campaigns.count(NOTICE.name, "sent")

    again = world.services.campaigns.begin(replace(NOTICE, started_by="M. Pinson"))

    assert again == replace(NOTICE, sent=1)


def test_all_are_listed_by_name_and_nothing_else_that_the_office_keeps(world: World) -> None:
    for name in ("rentree-2027", "rappel", "rentree-2026"):
        world.services.campaigns.begin(replace(NOTICE, name=name))
    world.services.periods.write(Periods(), Periods())

    assert [each.name for each in world.services.campaigns.all()] == ["rappel", "rentree-2026", "rentree-2027"]


def test_many_who_count_at_once_lose_nothing(world: World) -> None:
    world.services.campaigns.begin(NOTICE)

    def count() -> None:
        campaigns = wiring.build(world.services.settings, calls=1, patience=20).campaigns
        for _ in range(5):
            campaigns.count(NOTICE.name, "sent", "delivered")

    counters = [threading.Thread(target=count) for _ in range(6)]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()

    assert campaign_of(world) == replace(NOTICE, sent=30, delivered=30)


def test_counting_makes_no_campaign_of_none(world: World) -> None:
    world.services.campaigns.count("nulle", "sent")

    assert world.services.campaigns.find("nulle") is None


def test_a_stopped_campaign_goes_on_and_is_judged_anew(world: World) -> None:
    world.services.campaigns.begin(NOTICE)
    for _ in range(3):
        world.services.campaigns.count(NOTICE.name, "sent", "bounced")

    world.services.campaigns.stop(NOTICE.name)
    stopped = campaign_of(world)
    world.services.campaigns.go_on(NOTICE.name)

    assert (stopped.state, stopped.bounced) == ("stopped", 3)
    assert campaign_of(world) == NOTICE


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


def test_a_campaign_of_none_is_not_stopped(world: World) -> None:
    assert not world.services.campaigns.stop_if_it_must("nulle")
