"""The table of a plan: each family under one heading, and the sum of all sites below them."""

from chalicelib.wings.campaign.office.campaign import CampaignInput, plan_campaign, prepare_season
from chalicelib.wings.campaign.presentation.office.campaign_plan import headings, rows
from tests.support.campaigns import announce, settle
from tests.support.world import World


def test_families_are_counted_once_and_summed(world: World) -> None:
    announce(world)
    settle(world, 2)
    settle(world, 1, "evry-magnard", "famille0@example.org")
    network = world.services.settings.network
    campaign = prepare_season(world.services, None, "Mme Lyre", world.now)

    plan = plan_campaign(world.services, CampaignInput(campaign, network.sites), world.now)

    assert "À une autre étape" not in headings(plan)
    (*_, total) = rows(network, plan)
    assert total == ["Ensemble", 3, 3, 0, 0, 0, 0, 2, 1]
