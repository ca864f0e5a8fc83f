"""GET /extranet/bureau/demandes: the applications of new families for a member's sites, fifty at a time."""

from typing import Final
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib.domain import fields
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.office.admission.applications import ApplicationQuery
from chalicelib.office.admission.worklist import application_page, find_application_at
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import applications
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.filters import ANY, BY_SITE, chosen_sites
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

APPLICATIONS_PAGE: Final = f"{DESK}/demandes"


@routes.get(
    APPLICATIONS_PAGE,
    right="reader",
    filters=BY_SITE | {"etat": applications.STATE_TOKENS.__contains__, "numero": ANY, "page": ANY},
)
def show_applications(request: StaffRequest) -> Response:
    """Show a page of them, or redirect to the one of a number."""
    typed = fields.clean("numero", request.query.get("numero", ""))[: fields.longest("numero")]
    if not typed:
        return _page(request)
    try:
        application = find_application_at(request.services, typed, request.staff.site_codes)
    except OfficeRefusal as refusal:
        errors = {"numero": [sentence_of(refusal, request.staff.network)]}
        return _page(request, FormFeedback(422, "Cette demande n'a pas été trouvée.", errors), typed)
    return redirect(request.services, application_path(application.number))


def application_path(number: str) -> str:
    """Write the address of an application's page."""
    return f"{APPLICATIONS_PAGE}/{number}"


def _page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK, typed: str = "") -> Response:
    sites, site = chosen_sites(request)
    token = request.query.get("etat", "")
    query = ApplicationQuery(site or None, state=applications.STATE_TOKENS.get(token))
    cursor = number_from(request.query.get("page", ""))
    page = application_page(request.services, query, [one.code for one in sites], cursor, request.now)

    def address(cursor: str) -> str:
        filters = {"site": site, "etat": token, "page": cursor}
        return f"{APPLICATIONS_PAGE}?{urlencode({name: value for name, value in filters.items() if value})}"

    return desk_page(
        request,
        "applications",
        "requests",
        feedback=feedback,
        page=page,
        site=site,
        state=token,
        typed=typed,
        states=[(name, applications.STATES[state]) for name, state in applications.STATE_TOKENS.items()],
        words=applications,
        path=APPLICATIONS_PAGE,
        path_of=application_path,
        address=address,
        network=request.services.settings.network,
    )
