"""`clef campaign list`: the campaigns and reminders with their counts."""

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from chalicelib.office.jobs.jobs import list_jobs
from chalicelib.presentation.texts import day_and_hour
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.presentation.office import campaign_plan


def list_campaigns(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer les communiqués et les rappels, du plus récent au plus ancien, et ce que leurs mails deviennent.

    Exemple : clef campaign list
    """
    services = connect(stage).services
    campaigns = services.campaigns.all()
    if as_json:
        output.print_json({"campaigns": list(map(campaign_json, campaigns))})
    elif campaigns:
        headings = ("Campagne", "Commencée", "Par", "État", "Partis", "Remis", "Revenus", "Incertains")
        jobs = list_jobs(services)
        output.table("", headings, (_row(campaign, campaign_plan.state(campaign, jobs)) for campaign in campaigns))
    else:
        output.say("Aucune campagne n'a commencé.")


def _row(campaign: Campaign, state: str) -> tuple[object, ...]:
    return (campaign.name, day_and_hour(campaign.started_at), campaign.started_by, state, *counts(campaign).values())


def campaign_json(campaign: Campaign) -> dict[str, object]:
    """Describe a campaign for a program."""
    return {
        "name": campaign.name,
        "started_at": campaign.started_at,
        "started_by": campaign.started_by,
        "step": campaign.step,
        "about": campaign.about,
        "state": campaign.state,
        "counts": counts(campaign),
    }


def counts(campaign: Campaign) -> dict[str, int]:
    """Count a campaign's mails by their outcome."""
    return {name: getattr(campaign, name) for name in ("sent", "delivered", "bounced", "uncertain")}
