"""The options that tell whose rights they are."""

from typing import Annotated

import typer

Identifier = Annotated[
    str,
    typer.Argument(
        metavar="IDENTIFIANT", help="L'identifiant de la famille, ou le numéro du reçu d'une pré-inscription."
    ),
]
Site = Annotated[str | None, typer.Option(help="Le code d'un site ; utile si l'identifiant existe à plusieurs.")]
