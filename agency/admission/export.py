"""`clef requests export`: the rows that the school's software takes."""

from pathlib import Path
from typing import Annotated, Final

import typer

from agency.admission.applications import AtState, Discipline, Season
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Site, Stage
from agency.console.private_file import private_file
from agency.files.spreadsheet_writer import write_xlsx
from chalicelib.office.admission.applications import ApplicationQuery
from chalicelib.office.admission.export import exported_wishes
from chalicelib.office.csv_writer import write_csv
from chalicelib.presentation.office.applications import STATE_TOKENS
from chalicelib.presentation.office.applications_export import HEADINGS, row_of

_SUFFIXES: Final = (".csv", ".xlsx")


def export(
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FICHIER", help="Le fichier à écrire : .csv ou .xlsx.")],
    site: Site = None,
    state: AtState = None,
    discipline: Discipline = None,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Écrire les demandes pour le logiciel du conservatoire : une ligne par élève et par vœu.

    Exemple : clef requests export --to demandes.xlsx
    """
    if to.suffix.casefold() not in _SUFFIXES:
        raise typer.BadParameter("donnez un nom de fichier en .csv ou en .xlsx.", param_hint="--to")
    services = connect(stage).services
    query = ApplicationQuery(site, season, STATE_TOKENS[state] if state else None, discipline)
    written = [row_of(wish) for wish in exported_wishes(services, query, services.clock())]
    with private_file(to) as file:
        if to.suffix.casefold() == ".csv":
            write_csv(file, HEADINGS, written)
        else:
            write_xlsx(file, "Pré-inscriptions", HEADINGS, written)
    if as_json:
        output.print_json({"file": to, "rows": len(written)})
    else:
        output.say(f"Lignes écrites : {len(written)}, dans {to}.")
        output.say("Ce fichier contient des données personnelles : effacez-le une fois repris dans votre logiciel.")
