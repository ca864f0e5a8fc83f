"""`clef enrolments report`: the closing report of the season, site by site."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Overwrite, Site, Stage
from agency.enrolment.reenrolments import Season
from agency.files.page import render_page, write_page
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.enrolment.report import closing_reports
from chalicelib.presentation.office import closing_report
from chalicelib.settings.environment import Network

_PAGE: Final = Path(__file__).with_name("report.html")


def page_of(
    reports: Sequence[object],
    network: Network,
    now: datetime,
    words: object = closing_report,
    of: str = "la réinscription",
) -> str:
    """Render the page of reports, with the `sentences` and `tables` of `words` for each. `of`: their subject."""
    return render_page(_PAGE, network, reports=reports, now=now, words=words, of=of)


def report(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FICHIER", help="Une page à imprimer ; elle nomme des familles.")
    ] = None,
    site: Site = None,
    season: Season = None,
    yes: Overwrite = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Faire le bilan de la saison, site par site : qui a répondu, qui part, ce qui change, qui appeler.

    Exemple : clef enrolments report --site evry-magnard --to bilan.html
    """
    output.confirm_overwriting(*filter(None, (to,)), yes=yes)
    services = connect(stage).services
    now = services.clock()
    with output.progress("Lecture") as advance:
        reports = closing_reports(services, PupilQuery(site, season), now, advance)
    if to:
        write_page(to, page_of(reports, services.settings.network, now))
    if as_json:
        output.print_json(
            {"at": now, "sites": [closing_report.report_json(season_report) for season_report in reports]}
        )
        return
    for season_report in reports:
        title = f"{season_report.site.name}, réinscription {season_report.season}"
        print_report(title, closing_report.sentences(season_report), closing_report.tables(season_report))


def print_report(title: str, sentences: Iterable[str], tables: Iterable[closing_report.ReportTable]) -> None:
    """Print the report of a site's season."""
    output.say(f"\n{title}")
    for sentence in sentences:
        output.say(f"  {sentence}")
    for table in tables:
        output.say("")
        output.table(table.title, table.headings, table.rows)
