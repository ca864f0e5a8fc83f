"""POST /extranet/pre-inscription/quitter: leave."""

from chalice.app import Response

from chalicelib.flows.applicant.leave import leave
from chalicelib.web.applicant.edge import LEAVE_PATH, START_PAGE, ApplicantBlueprint, ApplicantRequest, redirect

routes = ApplicantBlueprint(__name__)


@routes.post(LEAVE_PATH)
def end_session(request: ApplicantRequest) -> Response:
    """End the session and go back to the start."""
    request.check_form_proof()
    leave(request.services, request.token, request.client, request.now)
    return redirect(request.services, START_PAGE, "")
