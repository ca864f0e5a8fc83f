"""The options that name a family and a reason."""

from typing import Annotated

import typer

Identifier = Annotated[
    str,
    typer.Argument(
        metavar="IDENTIFIANT", help="L'identifiant de la famille, ou le numéro du reçu d'une pré-inscription."
    ),
]
