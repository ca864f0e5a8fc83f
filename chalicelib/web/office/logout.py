"""POST /extranet/bureau/deconnexion: leave the desk."""

from chalice.app import Response

from chalicelib.flows.staff.logout import log_out
from chalicelib.web.office.edge import DESK, LOGIN_PAGE, DeskBlueprint, StaffRequest, redirect

routes = DeskBlueprint(__name__)
LOGOUT_PATH = f"{DESK}/deconnexion"


@routes.post(LOGOUT_PATH, right=None)
def leave(request: StaffRequest) -> Response:
    """End the session, half open or open, and go back to the login form."""
    request.check_form_proof()
    log_out(request.services, request.token)
    left = redirect(request.services, f"{LOGIN_PAGE}?fait=sortie", "")
    left.headers["Clear-Site-Data"] = '"cache"'  # a roll that the browser kept (docs/decisions/0080)
    return left
