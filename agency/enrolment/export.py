"""`clef enrolments export`: the rows that the school's software takes, and the file of any such export."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Overwrite, Site, Stage
from agency.console.private_file import private_file
from agency.enrolment.reenrolments import AtState, Season
from agency.files.spreadsheet_writer import write_xlsx
from chalicelib.office.csv_writer import write_csv
from chalicelib.office.enrolment.reenrolments import PupilQuery, pupils
from chalicelib.presentation.office.enrolments import STATE_TOKENS
from chalicelib.presentation.office.enrolments_export import HEADINGS, rows_of

_SUFFIXES: Final = (".csv", ".xlsx")


def _check_suffix(to: Path) -> Path:
    if to.suffix.casefold() not in _SUFFIXES:
        raise typer.BadParameter("donnez un nom de fichier en .csv ou en .xlsx.", param_hint="--to")
    return to


ExportPath = Annotated[
    Path, typer.Option("--to", metavar="FICHIER", help="Le fichier à écrire : .csv ou .xlsx.", callback=_check_suffix)
]


def export(
    *,
    to: ExportPath,
    site: Site = None,
    state: AtState = None,
    season: Season = None,
    yes: Overwrite = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Écrire les réinscriptions pour le logiciel du conservatoire : une ligne par élève et par cours.

    Exemple : clef enrolments export --state acceptee --to reinscriptions.xlsx
    """
    output.confirm_overwriting(to, yes=yes)
    services = connect(stage).services
    query = PupilQuery(site, season, STATE_TOKENS[state] if state else None)
    rows = chain.from_iterable(map(rows_of, pupils(services, query, services.clock())))
    write_export(to, "Réinscriptions", HEADINGS, rows, as_json=as_json)


def write_export(
    to: Path, title: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, as_json: bool
) -> None:
    """Write rows as they come to a CSV or spreadsheet for its owner only, whole or not at all. Print their number."""
    with output.progress("Écriture") as advance, private_file(to) as file:
        rows_counted = advance.over(rows)
        if to.suffix.casefold() == ".csv":
            write_csv(file, headings, rows_counted)
        else:
            write_xlsx(file, title, headings, rows_counted)
    if as_json:
        output.print_json({"file": to, "rows": advance.steps})
    else:
        output.say(f"Lignes écrites : {advance.steps}, dans {to}.")
        output.say("Ce fichier contient des données personnelles : effacez-le une fois repris dans votre logiciel.")
