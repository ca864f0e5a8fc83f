"""`clef enrolments report`: the closing report of the season, site by site."""

from pathlib import Path
from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Site, Stage
from agency.console.private_file import private_file
from agency.enrolment.options import Season
from agency.enrolment.report_page import page_of
from chalicelib.office import report_text as words
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.enrolment.report import ClosingReport, closing_reports


def report(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FICHIER", help="Une page à imprimer ; elle nomme des familles.")
    ] = None,
    site: Site = None,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Faire le bilan de la saison, site par site : qui a répondu, qui part, ce qui change, qui appeler.

    Exemple : clef enrolments report --site evry-magnard --to bilan.html
    """
    services = connect(stage).services
    now = services.clock()
    with output.progress("Lecture") as advance:
        reports = closing_reports(services, PupilQuery(site, season), now, advance)
    if to:
        with private_file(to) as file:
            file.write(page_of(reports, services.settings.network, now).encode())
        output.note(f"Écrit : {to}")
    if as_json:
        output.print_json({"at": now, "sites": [words.report_json(season_report) for season_report in reports]})
        return
    for season_report in reports:
        _print_report(season_report)


def _print_report(report: ClosingReport) -> None:
    output.say(f"\n{report.site.name}, réinscription {report.season}")
    for sentence in words.sentences(report):
        output.say(f"  {sentence}")
    for table in words.tables(report):
        output.say("")
        output.table(table.title, table.headings, table.rows)
