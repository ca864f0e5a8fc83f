"""GET /extranet/bureau/demandes: the applications of new families for a member's sites, fifty at a time."""

from typing import Any, Final

from chalice.app import Response

from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.office.admission.applications import ApplicationQuery, application_page, find_application_at
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import applications
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.office.acts import Outcome
from chalicelib.web.office.edge import DESK, STAFF, StaffRequest, redirect
from chalicelib.web.office.filters import ANY, BY_SITE, Filters
from chalicelib.web.office.lists import FilteredList, list_page
from chalicelib.web.responses import FormFeedback

routes = FormBlueprint(__name__, STAFF)

APPLICATIONS_PAGE: Final = f"{DESK}/demandes"


def application_path(number: str) -> str:
    """Write the address of an application's page."""
    return f"{APPLICATIONS_PAGE}/{number}"


FILTERS: Final[Filters] = BY_SITE | {"etat": applications.STATE_TOKENS.__contains__, "numero": ANY, "page": ANY}


def _facts(request: StaffRequest, listing: FilteredList) -> dict[str, Any]:
    """List fifty candidates of the sites."""
    token = listing.chosen["etat"]
    query = ApplicationQuery(listing.site or None, state=applications.STATE_TOKENS.get(token))
    cursor = number_from(listing.chosen["page"])
    return {
        "page": application_page(request.services, query, listing.codes, cursor, request.now),
        "state": token,
        "typed": listing.chosen["numero"],
        "states": [(name, applications.STATES[state]) for name, state in applications.STATE_TOKENS.items()],
        "words": applications,
        "path_of": application_path,
        "network": request.services.settings.network,
    }


APPLICATIONS: Final = list_page(APPLICATIONS_PAGE, FILTERS, "applications", "requests", _facts)


@routes.get(APPLICATIONS_PAGE, right="reader", filters=FILTERS)
def show_applications(request: StaffRequest) -> Response:
    """Show a page of them, or redirect to the one of a number."""
    typed = APPLICATIONS.find(request).chosen["numero"]
    if not typed:
        return APPLICATIONS.open(request)
    try:
        application = find_application_at(request.services, typed, request.staff.site_codes)
    except OfficeRefusal as refusal:
        errors = {"numero": [sentence_of(refusal, request.staff.network)]}
        feedback = FormFeedback(422, "Cette demande n'a pas été trouvée.", errors)
        return APPLICATIONS.show(request, APPLICATIONS.find(request), Outcome(feedback))
    return redirect(request.services, application_path(application.number))
