"""`clef remind`: a reminder to exactly the families at one step, under the same rules as the notice."""

from typing import Annotated

import typer

from agency.campaign.options import CanaryWait, GoOn, TestTo, Uncertain, Yes
from agency.campaign.send import Options, run
from agency.console.connection import connect
from agency.console.options import LOCAL, Apply, AsJson, Site, Stage
from chalicelib.office.account import select_sites
from chalicelib.office.campaign.campaign import CampaignInput, ReminderInput, Token, prepare_reminder

AtStep = Annotated[Token, typer.Option("--step", help="Aux familles qui en sont à cette étape (« clef progress »).")]
About = Annotated[str | None, typer.Option("--campaign", help="La campagne rappelée ; sans elle, la dernière.")]
Name = Annotated[
    str | None, typer.Option("--name", help="Le nom du rappel ; sans lui, « rappel- », l'étape et la date du jour.")
]


def remind(
    *,
    step: AtStep,
    campaign: About = None,
    name: Name = None,
    site: Site = None,
    apply: Apply = False,
    test_to: TestTo = None,
    canary_wait: CanaryWait = 10,
    go_on: GoOn = False,
    uncertain: Uncertain = False,
    yes: Yes = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Rappeler les dates aux familles d'une étape, chacune une fois. Sans --apply, montrer à qui.

    Exemple : clef remind --step commencee
    """
    connection = connect(stage)
    services, who = connection.services, connection.operator if apply else ""
    prepared = prepare_reminder(services, ReminderInput(step, campaign, name), who, services.clock())
    campaign_input = CampaignInput(prepared, select_sites(services.settings.network, site), again=uncertain)
    run(services, campaign_input, Options(apply, as_json, test_to, canary_wait, go_on, yes))
