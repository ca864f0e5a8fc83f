"""The options that the commands of staff share."""

from enum import StrEnum
from typing import Annotated

import typer


class RoleName(StrEnum):
    """A role, as it is typed."""

    READER = "reader"
    SECRETARY = "secretary"
    MANAGER = "manager"
    TEACHER = "teacher"


Email = Annotated[str, typer.Argument(metavar="ADRESSE", help="L'adresse e-mail de la personne, professionnelle.")]
Sites = Annotated[
    list[str] | None,
    typer.Option("--site", metavar="CODE", help="Un site où le rôle compte ; à répéter. Un « manager » est de tous."),
]
ROLE_HELP = (
    "reader : voit ; secretary : voit et agit ; manager : responsable du réseau ; teacher : ses propres cours "
    "(« clef staff link »)."
)
