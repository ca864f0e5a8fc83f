"""`clef progress`: the progress of families by site, on a terminal, in a spreadsheet, on a page, or by name."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agency.campaign import progress_page
from agency.campaign.options import OfCampaign
from agency.campaign.progress_page import page_of
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Site, Stage
from agency.console.private_file import private_file
from chalicelib.office.account import select_sites
from chalicelib.office.campaign.campaign import TOKENS, Token, find_season
from chalicelib.office.campaign.progress import FamilyAtStep, ProgressReport, families_at, progress_report
from chalicelib.office.csv_writer import write_csv
from chalicelib.presentation.office import funnel
from chalicelib.services.family import Services

STANDARD_OUTPUT = Path("-")

Csv = Annotated[Path | None, typer.Option("--csv", help="Écrire un fichier pour tableur ; « - » : à l'écran.")]
Html = Annotated[Path | None, typer.Option("--html", help="Écrire une page avec ses graphiques, sans aucun nom.")]
ListStep = Annotated[
    Token | None,
    typer.Option("--list", help="Donner la liste des familles à cette étape."),
]


def progress(
    *,
    campaign: OfCampaign = None,
    site: Site = None,
    list_: ListStep = None,
    csv: Csv = None,
    html: Html = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Montrer où en sont les familles, site par site : de la première lettre à la réinscription validée.

    Exemple : clef progress --site evry-magnard
    """
    if as_json and csv == STANDARD_OUTPUT:
        raise typer.BadParameter("« --json » et « --csv - » écrivent au même endroit : choisissez.")
    services = connect(stage).services
    season = find_season(services, campaign)
    sites = select_sites(services.settings.network, site)
    if list_ is None or html:
        with output.progress("Lecture des comptes") as advance:
            report = progress_report(services, season, sites, services.clock(), advance)
        if html:
            _write_page(html, services, report)
    if list_:
        _print_list(
            partial(families_at, services, season, sites, TOKENS[list_], services.clock()), csv, as_json=as_json
        )
    else:
        _print_funnel(report, csv, as_json=as_json)


def _print_funnel(report: ProgressReport, csv: Path | None, *, as_json: bool) -> None:
    if csv:
        rows = [progress_page.csv_row(code, tally) for code, tally in report.sites.items()]
        _write_csv(csv, progress_page.csv_headings(), [*rows, progress_page.csv_row("", report.total)])
    if as_json:
        output.print_json(progress_page.progress_json(report))
    elif csv != STANDARD_OUTPUT:
        _print_tables(report)


def _print_tables(report: ProgressReport) -> None:
    output.say(funnel.title_of(report))
    output.table(funnel.AT_LEAST_TITLE, funnel.reached_headings(), map(funnel.reached_row, report.rows))
    output.table(funnel.BY_STEP_TITLE, ["Étape", "Familles", "Leur liste"], progress_page.step_lines(report.total))
    for line in funnel.apart_lines(report.total):
        output.say(line)


def _print_list(families: Callable[[], Iterator[FamilyAtStep]], csv: Path | None, *, as_json: bool) -> None:
    if csv:
        _write_csv(csv, progress_page.LIST_HEADINGS, map(progress_page.family_row, families()))
    if as_json:
        output.print_json([progress_page.family_json(family) for family in families()])
    elif not csv:
        listed = list(families())
        *headings, _ = progress_page.LIST_HEADINGS
        output.table("", headings, [progress_page.family_row(family)[:-1] for family in listed])
        for sentence, count in Counter(map(progress_page.to_do, listed)).items():
            output.say(f"Familles : {count}. {sentence}")


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    if path == STANDARD_OUTPUT:
        write_csv(sys.stdout.buffer, headings, rows)
        return
    with private_file(path) as file:
        write_csv(file, headings, rows)
    output.note(f"Écrit : {path}")


def _write_page(path: Path, services: Services, report: ProgressReport) -> None:
    with private_file(path) as file:
        file.write(page_of(report, services.settings.network).encode())
    output.note(f"Écrit : {path}")
