"""GET /extranet/bureau/demandes: the requests of new families for a member's sites, fifty at a time."""

from typing import Final
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib.domain import fields
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.office.admission import labels
from chalicelib.office.admission.applications import RequestQuery
from chalicelib.office.admission.worklist import find_request_at, request_page
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.filters import ANY, BY_SITE, chosen_sites
from chalicelib.web.office.sentences import sentence_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

REQUESTS_PAGE: Final = f"{DESK}/demandes"


@routes.get(
    REQUESTS_PAGE,
    right="reader",
    filters=BY_SITE | {"etat": labels.STATE_TOKENS.__contains__, "numero": ANY, "page": ANY},
)
def show_requests(request: StaffRequest) -> Response:
    """Show a page of them, or lead to the one whose number is asked for."""
    typed = fields.clean("numero", request.query.get("numero", ""))[: fields.longest("numero")]
    if not typed:
        return _page(request)
    try:
        found = find_request_at(request.services, typed, request.staff.site_codes)
    except OfficeRefusal as refusal:
        errors = {"numero": [sentence_of(refusal)]}
        return _page(request, FormFeedback(422, "Cette demande n'a pas été trouvée.", errors), typed)
    return redirect(request.services, request_path(found.number))


def request_path(number: str) -> str:
    """Write the address of a request's page."""
    return f"{REQUESTS_PAGE}/{number}"


def _page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK, typed: str = "") -> Response:
    sites, site = chosen_sites(request)
    token = request.query.get("etat", "")
    query = RequestQuery(site or None, state=labels.STATE_TOKENS.get(token))
    cursor = number_from(request.query.get("page", ""))
    page = request_page(request.services, query, [one.code for one in sites], cursor, request.now)

    def address(cursor: str) -> str:
        told = {"site": site, "etat": token, "page": cursor}
        return f"{REQUESTS_PAGE}?{urlencode({name: value for name, value in told.items() if value})}"

    return desk_page(
        request,
        "applications",
        "requests",
        feedback=feedback,
        page=page,
        site=site,
        state=token,
        typed=typed,
        states=[(name, labels.STATES[state]) for name, state in labels.STATE_TOKENS.items()],
        words=labels,
        path=REQUESTS_PAGE,
        path_of=request_path,
        address=address,
        network=request.services.settings.network,
    )
