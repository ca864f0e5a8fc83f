"""The options that the commands of applications share."""

from typing import Annotated

import typer

from chalicelib.presentation.office.applications import StateToken

Season = Annotated[
    str | None, typer.Option(metavar="ANNÉE", help="L'année de la période ; sans elle, la dernière ouverte.")
]
AtState = Annotated[StateToken | None, typer.Option(help="Seulement les élèves qui en sont là.")]
Discipline = Annotated[str | None, typer.Option(help="Seulement les vœux de cette discipline ; un mot suffit.")]
