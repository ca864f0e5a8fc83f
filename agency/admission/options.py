"""The options that the commands of new requests share."""

from typing import Annotated

import typer

from chalicelib.office.admission.words import StateToken

Number = Annotated[str, typer.Argument(metavar="NUMÉRO", help="Le numéro de la demande, écrit comme on le dit.")]
Site = Annotated[str | None, typer.Option(help="Le code d'un site : les vœux pour lui ; sans lui, tous les sites.")]
Season = Annotated[
    str | None, typer.Option(metavar="ANNÉE", help="L'année de la période ; sans elle, la dernière ouverte.")
]
AtState = Annotated[StateToken | None, typer.Option(help="Seulement les élèves qui en sont là.")]
Discipline = Annotated[str | None, typer.Option(help="Seulement les vœux de cette discipline ; un mot suffit.")]
Candidates = Annotated[
    list[str] | None, typer.Option("--candidate", metavar="NOM", help="De quel élève : son prénom suffit. À répéter.")
]
Everybody = Annotated[bool, typer.Option("--all", help="De tous les élèves de la demande qui attendent.")]
Seen = Annotated[
    str,
    typer.Option("--seen", metavar="VERSION", help="Ne décider que si la demande est encore celle qui a été lue."),
]
MaybeWhy = Annotated[
    str, typer.Option("--why", help="Pourquoi, pour le journal, si ce n'est pas ce que lit la famille.")
]
