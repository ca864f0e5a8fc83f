"""`clef campaign send`: the notice by mail; letters by post hang on the same word (`letters`)."""

from typing import Annotated

import typer

from agency.campaign.send import Options, run
from agency.console.connection import connect
from agency.console.options import LOCAL, Apply, AsJson, Stage, Who
from chalicelib.office.campaign.campaign import Request, season
from chalicelib.office.sites import sites_asked

commands = typer.Typer(help="Le communiqué aux familles, par mail et par courrier.", no_args_is_help=True)

CampaignName = Annotated[
    str | None, typer.Option("--campaign", help="Le nom de la campagne ; sans lui, « reinscription- » et l'année.")
]
SiteCode = Annotated[str | None, typer.Option("--site", help="Le code d'un site ; sans lui, tous les sites.")]
TestTo = Annotated[
    str | None, typer.Option("--test-to", help="Envoyer d'abord un mail d'essai à cette adresse : la vôtre.")
]
CanaryWait = Annotated[
    int,
    typer.Option(
        "--canary-wait", min=1, metavar="<minutes>", help="Combien attendre des nouvelles des premiers mails."
    ),
]
GoOn = Annotated[bool, typer.Option("--go-on", help="Reprendre une campagne arrêtée par des mails revenus.")]
Uncertain = Annotated[
    bool,
    typer.Option("--uncertain", help="Écrire à nouveau, et seulement, là où personne ne sait si le mail est parti."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Ne rien demander.")]


@commands.command()
def send(
    *,
    campaign: CampaignName = None,
    site: SiteCode = None,
    apply: Apply = False,
    test_to: TestTo = None,
    canary_wait: CanaryWait = 10,
    go_on: GoOn = False,
    uncertain: Uncertain = False,
    yes: Yes = False,
    who: Who,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Écrire aux familles, chacune une fois : dates, site, identifiant, mot de passe. Sans --apply, montrer à qui."""
    services = connect(stage).services
    found = season(services, campaign, who, services.clock())
    asked = Request(found, sites_asked(services.settings.network, site), again=uncertain)
    run(services, asked, Options(apply, as_json, test_to, canary_wait, go_on, yes))
