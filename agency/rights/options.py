"""The options that tell whose rights they are."""

from typing import Annotated

import typer

Identifier = Annotated[
    str,
    typer.Argument(
        metavar="IDENTIFIANT", help="L'identifiant de la famille, ou le numéro du reçu d'une pré-inscription."
    ),
]
