"""The options that tell which account is meant."""

from typing import Annotated

import typer

Identifier = Annotated[
    str,
    typer.Argument(metavar="IDENTIFIANT", help="L'identifiant, écrit comme vous voulez : « XEN 3001 », « xen3001 »."),
]
Site = Annotated[str | None, typer.Option(help="Le code d'un site ; utile si l'identifiant existe à plusieurs.")]
