"""The options that the commands of re-enrolments share."""

from typing import Annotated

import typer

from chalicelib.presentation.office.enrolments import StateToken

Season = Annotated[
    str | None, typer.Option(metavar="ANNÉE", help="L'année de la période ; sans elle, la dernière annoncée.")
]
AtState = Annotated[StateToken | None, typer.Option(help="Seulement les élèves qui en sont là.")]
