"""The season: the campaign that letters, reminders and the funnel are about."""

from datetime import timedelta

import pytest

from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.office.campaign import find_season
from tests.support.refusals import sentence_of
from tests.support.world import World


def begin(world: World, name: str, days: int, step: str | None = None) -> Campaign:
    return world.services.campaigns.begin(Campaign(name, world.now + timedelta(days=days), "Mme Tilleul", step=step))


def test_it_is_the_latest_that_is_no_reminder(world: World) -> None:
    begin(world, "zinnia-2025", -365)
    latest = begin(world, "rentree-2026", -7)
    begin(world, "rappel", -1, step="bounced")

    assert find_season(world.services) == latest


def test_there_is_none_before_the_first_campaign(world: World) -> None:
    begin(world, "rappel", -1, step="bounced")

    assert find_season(world.services) is None


def test_another_one_is_found_by_its_name(world: World) -> None:
    last_year = begin(world, "rentree-2025", -365)
    begin(world, "rentree-2026", -7)

    assert find_season(world.services, "rentree-2025") == last_year


def test_a_name_that_no_campaign_has_is_refused_with_those_that_there_are(world: World) -> None:
    with pytest.raises(OfficeRefusal) as refusal:
        find_season(world.services, "rentree")
    assert sentence_of(refusal.value) == "Aucune campagne ne s'appelle « rentree ». Campagnes : aucune."

    begin(world, "rentree-2026", -7)
    with pytest.raises(OfficeRefusal) as refusal:
        find_season(world.services, "rentree")
    assert sentence_of(refusal.value).endswith("Campagnes : rentree-2026.")
