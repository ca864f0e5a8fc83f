"""A campaign's recipients as a table: the families of each site by status, and the mails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from chalicelib.domain.staff.desk_jobs import State
from chalicelib.wings.campaign.domain.audience import MailingStatus

if TYPE_CHECKING:
    from chalicelib.domain.staff.desk_jobs import DeskJob
    from chalicelib.settings.environment import Network
    from chalicelib.wings.campaign.domain.campaigns import Campaign
    from chalicelib.wings.campaign.office.campaign import CampaignInput, CampaignPlan, SitePlan

STATUSES: Final[dict[MailingStatus, str]] = {
    "due": "À prévenir",
    "told": "Déjà prévenues",
    "uncertain": "Envoi incertain",
    "unreachable": "Sans adresse qui marche",
    "elsewhere": "À une autre étape",
    "apart": "Désactivées ou parties",
}

_ENDINGS: Final[dict[State, str]] = {"done": "terminée", "failed": "interrompue", "cancelled": "interrompue"}


def state(campaign: Campaign, jobs: Iterable[DeskJob]) -> str:
    """Describe the state of a campaign by its latest job, if any: `clef` needs no job. `jobs`: the newest first."""
    if campaign.state == "stopped":
        return "arrêtée"
    latest = next((job for job in jobs if job.subject.get("campaign") == campaign.name), None)
    return _ENDINGS.get(latest.state, "en cours") if latest else "commencée"


def _status_columns(plan: CampaignPlan) -> dict[MailingStatus, str]:
    is_reminder = plan.campaign_input.campaign.step is not None
    return {status: name for status, name in STATUSES.items() if status != "elsewhere" or is_reminder}


def title(campaign_input: CampaignInput) -> str:
    """Name the campaign."""
    return f"Campagne « {campaign_input.campaign.name} »"


def headings(plan: CampaignPlan) -> list[str]:
    """Name the columns: families, each counted once, and the mails to send."""
    return ["Site", "Familles", *_status_columns(plan).values(), "Mails à envoyer", "dont pour plusieurs familles"]


def rows(network: Network, plan: CampaignPlan) -> Iterator[list[object]]:
    """Count families by mailing status: a row for each site, and one for all."""
    for code, at_site in plan.sites.items():
        site = network.site(code)
        yield _row(site.name if site else code, at_site, plan)
    if len(plan.sites) > 1:
        yield _row("Ensemble", plan.total, plan)


def _row(name: str, at_site: SitePlan, plan: CampaignPlan) -> list[object]:
    counts = [at_site.turns[status] for status in _status_columns(plan)]
    return [name, at_site.turns.total(), *counts, at_site.mails, at_site.joint]
