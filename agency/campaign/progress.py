"""`clef progress`: where families stand, site by site, on a terminal, in a spreadsheet, on a page; and who they are."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agency.campaign import progress_columns as columns
from agency.campaign.commands import SiteCode
from agency.campaign.progress_page import page_of
from agency.console import show
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.console.private_file import private_file
from agency.console.spreadsheet import write_csv
from chalicelib.office.campaign.progress import Listed, Picture, listed, picture
from chalicelib.office.campaign.season import season_of
from chalicelib.office.campaign.steps import TOKENS, Token
from chalicelib.office.sites import sites_asked
from chalicelib.services import Services

STANDARD_OUTPUT = Path("-")

OfCampaign = Annotated[
    str | None, typer.Option("--campaign", metavar="NOM", help="La campagne ; sans elle, la dernière.")
]
Csv = Annotated[Path | None, typer.Option("--csv", help="Écrire un fichier pour tableur ; « - » : à l'écran.")]
Html = Annotated[Path | None, typer.Option("--html", help="Écrire une page avec ses graphiques, sans aucun nom.")]
ListStep = Annotated[
    Token | None,
    typer.Option("--list", help="Donner la liste des familles à cette étape."),
]


def progress(
    *,
    campaign: OfCampaign = None,
    site: SiteCode = None,
    list_: ListStep = None,
    csv: Csv = None,
    html: Html = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Montrer où en sont les familles, site par site : de la première lettre à la réinscription validée."""
    if as_json and csv == STANDARD_OUTPUT:
        raise typer.BadParameter("« --json » et « --csv - » écrivent au même endroit : choisissez.")
    services = connect(stage).services
    season = season_of(services, campaign)
    sites = sites_asked(services.settings.network, site)
    if list_ is None or html:
        with show.progress("Lecture des comptes") as advance:
            seen = picture(services, season, sites, services.clock(), advance)
        if html:
            _write_page(html, services, seen)
    if list_:
        _list(partial(listed, services, season, sites, TOKENS[list_], services.clock()), csv, as_json=as_json)
    else:
        _show(seen, csv, as_json=as_json)


def _show(seen: Picture, csv: Path | None, *, as_json: bool) -> None:
    if csv:
        rows = [columns.csv_row(code, tally) for code, tally in seen.sites.items()]
        _write_csv(csv, columns.csv_headings(), [*rows, columns.csv_row("", seen.total)])
    if as_json:
        show.as_json(columns.picture_json(seen))
    elif csv != STANDARD_OUTPUT:
        _tables(seen)


def _tables(seen: Picture) -> None:
    show.say(columns.title_of(seen))
    show.table(columns.AT_LEAST_TITLE, columns.reached_headings(), map(columns.reached_row, seen.rows))
    show.table(columns.STANDING_TITLE, ["Étape", "Familles", "Leur liste"], columns.standing_lines(seen.total))
    for each, name in columns.APART.items():
        if seen.total.apart[each]:
            show.say(f"{name}, comptées à part : {seen.total.apart[each]}.")


def _list(families: Callable[[], Iterator[Listed]], csv: Path | None, *, as_json: bool) -> None:
    if csv:
        _write_csv(csv, columns.LISTED, map(columns.listed_row, families()))
    if as_json:
        show.as_json([columns.listed_json(each) for each in families()])
    elif not csv:
        found = list(families())
        *headings, _ = columns.LISTED
        show.table("", headings, [columns.listed_row(each)[:-1] for each in found])
        for said, count in Counter(map(columns.to_do, found)).items():
            show.say(f"Familles : {count}. {said}")


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    if path == STANDARD_OUTPUT:
        write_csv(sys.stdout.buffer, headings, rows)
        return
    with private_file(path) as file:
        write_csv(file, headings, rows)
    show.note(f"Écrit : {path}")


def _write_page(path: Path, services: Services, seen: Picture) -> None:
    with private_file(path) as file:
        file.write(page_of(seen, services.settings.network).encode())
    show.note(f"Écrit : {path}")
