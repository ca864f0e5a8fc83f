"""The options that every command takes, and a day as one types it."""

from datetime import date, datetime
from typing import Annotated

import typer

Stage = Annotated[
    str,
    typer.Option(
        "--stage", envvar="CLEF_STAGE", help="Le déploiement : « local » pour un « make run » en cours, « prod »…"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Écrire du JSON, pour un autre programme.")]
Why = Annotated[str, typer.Option("--why", help="Pourquoi, pour le journal : « la famille a appelé »…")]
Apply = Annotated[bool, typer.Option("--apply", help="Faire. Sans cette option, rien n'est écrit.")]

LOCAL = "local"


def parse_day(typed: str) -> date:
    """Read a day, written 2027-06-01 or 01/06/2027."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day, wherever
        except ValueError:
            continue
    raise typer.BadParameter(f"« {typed} » n'est pas un jour : écrivez 2027-06-01 ou 01/06/2027.")
