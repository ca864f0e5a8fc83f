"""The season: the campaign that told families the dates, which letters, reminders and the funnel are about."""

from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.office.refused import Refused
from chalicelib.services import Services


def season_of(services: Services, name: str | None = None) -> Campaign | None:
    """Find a campaign by its name, else the latest that is no reminder; None while there is none.

    Raises `Refused` for a name that no campaign has.
    """
    if name is None:
        begun = (each for each in services.campaigns.all() if each.step is None)
        return max(begun, key=lambda each: each.started_at, default=None)
    found = services.campaigns.find(name)
    if found is None:
        known = ", ".join(each.name for each in services.campaigns.all()) or "aucune"
        raise Refused("campaign_unknown", campaign=name, campaigns=known)
    return found
