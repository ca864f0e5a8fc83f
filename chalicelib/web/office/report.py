"""GET /extranet/bureau/saison/bilan: the closing report of a site's season, to read and to print."""

from typing import Final

from chalice.app import Response

from chalicelib.office import report_text
from chalicelib.office.consultations import note_report
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.enrolment.report import closing_reports
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page
from chalicelib.web.office.filters import BY_SITE, chosen_sites
from chalicelib.web.office.season import SEASON_PAGE

routes = DeskBlueprint(__name__)

REPORT_PAGE: Final = f"{SEASON_PAGE}/bilan"


@routes.get(REPORT_PAGE, right="reader", filters=BY_SITE)
def show_report(request: StaffRequest) -> Response:
    """Show the report of one site; of several, ask which: each is a page to print, and names families.

    Who reads it is noted before: telephones of a whole site leave by it, to whoever may only read.
    """
    sites, chosen = chosen_sites(request)
    query = PupilQuery(sites[0].code) if len(sites) == 1 else None
    if query:
        note_report(request.services, sites[0].code, request.staff.member.known_as, request.now)
    reports = closing_reports(request.services, query, request.now, lambda: None) if query else []
    return desk_page(request, "report", "season", reports=reports, words=report_text, chosen=chosen)
