"""The options of every command, and a day as typed."""

import tomllib
from datetime import date, datetime
from typing import Annotated, Any

import typer

from chalicelib.settings.environment import load_network
from operations.version import STAGES_FILE

LOCAL = "local"


def _stage_names() -> list[tuple[str, str]]:
    """List the deployments, with their networks' files, for the shell's completion."""
    stages = tomllib.loads(STAGES_FILE.read_text("utf-8")) if STAGES_FILE.exists() else {}
    return [(name, table.get("network", "")) for name, table in ({LOCAL: {}} | stages).items()]


def _site_codes() -> list[tuple[str, str]]:
    """List the sites for the shell's completion."""
    return [(site.code, site.name) for site in load_network().sites]


def site_option(help_: str) -> Any:  # noqa: ANN401 - as Typer makes options
    """Make the option of a site, which the shell completes."""
    return typer.Option("--site", metavar="CODE", autocompletion=_site_codes, help=help_)


Stage = Annotated[
    str,
    typer.Option(
        "--stage",
        envvar="CLEF_STAGE",
        autocompletion=_stage_names,
        help="Le déploiement : « local » pour un « make run » en cours, « prod »…",
    ),
]
Site = Annotated[str | None, site_option("Un seul site, par son code. Sans cette option, tous les sites.")]
SiteOfFamily = Annotated[str | None, site_option("Le code d'un site, si l'identifiant existe à plusieurs.")]
SiteOfFile = Annotated[str | None, site_option("Le code du site de toutes les lignes, si aucune colonne ne le dit.")]
Identifier = Annotated[
    str,
    typer.Argument(
        metavar="IDENTIFIANT", help="L'identifiant de la famille, ou le numéro du reçu d'une pré-inscription."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Écrire du JSON, pour un autre programme.")]
Overwrite = Annotated[bool, typer.Option("--yes", help="Oui d'avance, même par-dessus un fichier.")]
Why = Annotated[str, typer.Option("--why", help="Pourquoi, pour le journal : « la famille a appelé »…")]
Apply = Annotated[bool, typer.Option("--apply", help="Faire. Sans cette option, rien n'est écrit.")]


def parse_day(text: str) -> date:
    """Read a day, written 2027-06-01 or 01/06/2027."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, wherever
        except ValueError:
            continue
    raise typer.BadParameter(f"« {text} » n'est pas un jour : écrivez 2027-06-01 ou 01/06/2027.")
