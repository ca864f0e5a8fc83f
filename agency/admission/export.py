"""`clef requests export`: the rows that the school's software takes."""

from agency.admission.applications import AtState, Discipline, Season
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Overwrite, Site, Stage
from agency.enrolment.export import ExportPath, write_export
from chalicelib.wings.admission.office.applications import ApplicationQuery
from chalicelib.wings.admission.office.export import exported_wishes
from chalicelib.wings.admission.presentation.office.applications import STATE_TOKENS
from chalicelib.wings.admission.presentation.office.applications_export import HEADINGS, row_of


def export(
    *,
    to: ExportPath,
    site: Site = None,
    state: AtState = None,
    discipline: Discipline = None,
    season: Season = None,
    yes: Overwrite = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Écrire les demandes pour le logiciel du conservatoire : une ligne par élève et par vœu.

    Exemple : clef requests export --to demandes.xlsx
    """
    output.confirm_overwriting(to, yes=yes)
    services = connect(stage).services
    query = ApplicationQuery(site, season, STATE_TOKENS[state] if state else None, discipline)
    rows = map(row_of, exported_wishes(services, query, services.clock()))
    write_export(to, "Pré-inscriptions", HEADINGS, rows, as_json=as_json)
