"""The options that the commands of a campaign share."""

from typing import Annotated

import typer

CampaignName = Annotated[
    str | None, typer.Option("--campaign", help="Le nom de la campagne ; sans lui, « reinscription- » et l'année.")
]
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
OfCampaign = Annotated[
    str | None, typer.Option("--campaign", metavar="NOM", help="La campagne ; sans elle, la dernière.")
]
