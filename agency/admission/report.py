"""`clef requests report`: the season of applications, by site and discipline, without names."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from agency.admission.applications import Season
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Overwrite, Site, Stage
from agency.enrolment.report import page_of, print_report
from agency.files.page import write_page
from chalicelib.domain.text import fold
from chalicelib.presentation.office.closing_report import ReportTable
from chalicelib.presentation.texts import day_and_hour
from chalicelib.settings.environment import Network
from chalicelib.wings.admission.domain.statistics import FEWEST, SeasonStatistics
from chalicelib.wings.admission.office.applications import ApplicationQuery, ListedState
from chalicelib.wings.admission.office.report import AdmissionReport, DisciplineDemand, admission_reports


def print_season(statistics: SeasonStatistics, network: Network) -> None:
    """Print the statistics of a season, stored before its first applications were erased."""
    output.say(f"\nPré-inscription {statistics.season}, sans personne, comptée le {day_and_hour(statistics.at)}")
    rows = [
        (
            *(_site(row.site, network), row.discipline or "Autres disciplines", row.asked),
            *(row.accepted, row.declined, row.withdrawn, row.without_place),
        )
        for row in statistics.rows
    ]
    headings = ("Site", "Premier vœu", "Élèves", "Acceptés", "Refusés", "Retirés", "Sans place")
    output.table("", headings, rows)
    output.say(f"Sous {FEWEST} élèves, une discipline est comptée avec d'autres, ou pas du tout.")


def season_json(statistics: SeasonStatistics) -> dict[str, Any]:
    """List them for JSON."""
    return {
        "season": statistics.season,
        "at": statistics.at,
        "rows": [asdict(row) | {"asked": row.asked} for row in statistics.rows],
    }


def _site(code: str, network: Network) -> str:
    site = network.site(code)
    return site.name if site else code


_OPEN: Final[tuple[ListedState, ...]] = ("sent", "waiting", "to_complete")
_HEADINGS: Final = (
    *("Discipline", "Vœux", "dont premiers", "Places", "Proposées", "Prises", "Acceptés"),
    *("Attendent", "Refusés", "Retirés"),
)


def report(
    *,
    to: Annotated[Path | None, typer.Option("--to", metavar="FICHIER", help="Une page à imprimer.")] = None,
    site: Site = None,
    season: Season = None,
    yes: Overwrite = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Faire le bilan des pré-inscriptions, par site et par discipline : vœux, places, attente, décisions.

    D'une saison dont les demandes sont effacées : ce qui en est conservé, sans personne.

    Exemple : clef requests report --season 2027
    """
    output.confirm_overwriting(*filter(None, (to,)), yes=yes)
    services = connect(stage).services
    now = services.clock()
    reports = admission_reports(services, ApplicationQuery(site, season), now)
    statistics = services.admission.statistics.find(season) if season else None
    if to:
        write_page(to, page_of(reports, services.settings.network, now, ReportTexts, "la pré-inscription"))
    if as_json:
        more = {"kept": season_json(statistics)} if statistics else {}
        output.print_json({"at": now, "sites": list(map(report_json, reports)), **more})
        return
    if statistics:
        print_season(statistics, services.settings.network)
        return
    for site_report in reports:
        title = f"{site_report.site.name}, pré-inscription {site_report.season}"
        print_report(title, ReportTexts.sentences(site_report), ReportTexts.tables(site_report))


class ReportTexts:
    """The sentences and tables of a report's page."""

    @staticmethod
    def sentences(report: AdmissionReport) -> Iterator[str]:
        """Sum up the season."""
        open_ = sum(report.pupils[state] for state in _OPEN)
        yield (
            f"Demandes : {len(report.applications)} ; élèves : {report.pupils.total()}. Place "
            f"proposée : {report.pupils['offered']} ; prise : {report.pupils['taken']} ; acceptés : "
            f"{report.pupils['accepted']}."
        )
        yield (
            f"Attendent : {open_} (dont en liste d'attente : {report.pupils['waiting']} ; à compléter : "
            f"{report.pupils['to_complete']}) ; refusés : {report.pupils['declined']} ; retirés, ou admis ailleurs : "
            f"{report.pupils['withdrawn']}."
        )

    @staticmethod
    def tables(report: AdmissionReport) -> Iterator[ReportTable]:
        """List the tables that have rows."""
        rows = [_row(demand) for demand in _by_name(report)]
        if rows:
            yield ReportTable("Ce qui est demandé, et ce qu'il en est", _HEADINGS, rows)


def _row(demand: DisciplineDemand) -> list[object]:
    states = demand.states
    return [
        demand.name,
        demand.wishes,
        demand.first,
        "pas comptées" if demand.places is None else demand.places,
        states["offered"],
        states["taken"],
        states["accepted"],
        sum(states[state] for state in _OPEN),
        states["declined"],
        states["withdrawn"],
    ]


def _by_name(report: AdmissionReport) -> list[DisciplineDemand]:
    return sorted(report.disciplines.values(), key=lambda demand: fold(demand.name))


def report_json(report: AdmissionReport) -> dict[str, Any]:
    """Describe a site's report for another program."""
    return {
        "site": report.site.code,
        "season": report.season,
        "requests": len(report.applications),
        "pupils": report.pupils,
        "disciplines": [
            {
                "name": demand.name,
                "places": demand.places,
                "asked": demand.wishes,
                "first": demand.first,
                "states": demand.states,
            }
            for demand in _by_name(report)
        ],
    }
