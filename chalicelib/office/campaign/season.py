"""The season: the campaign that told families the dates, which letters, reminders and the funnel are about."""

from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services


def find_season(services: Services, name: str | None = None) -> Campaign | None:
    """Find a campaign by its name, else the latest that is no reminder; None while there is none.

    Raises `OfficeRefusal` for a name that no campaign has.
    """
    if name is None:
        begun = (campaign for campaign in services.campaigns.all() if campaign.step is None)
        return max(begun, key=lambda campaign: campaign.started_at, default=None)
    found = services.campaigns.find(name)
    if found is None:
        known = ", ".join(campaign.name for campaign in services.campaigns.all()) or "aucune"
        raise OfficeRefusal("campaign_unknown", campaign=name, campaigns=known)
    return found


def all_campaigns(services: Services) -> list[Campaign]:
    """List the campaigns and reminders, the newest first."""
    return sorted(services.campaigns.all(), key=lambda campaign: campaign.started_at, reverse=True)
