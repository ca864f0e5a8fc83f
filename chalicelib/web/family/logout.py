"""POST /extranet/compte/deconnexion: log out (guide 2.5)."""

from chalice.app import Response

from chalicelib.flows.family.logout import log_out
from chalicelib.web import responses
from chalicelib.web.edge import LOGIN_PAGE, FormBlueprint, PageRequest

routes = FormBlueprint(__name__)


@routes.post("/extranet/compte/deconnexion")
def disconnect(request: PageRequest) -> Response:
    """End the session and go back to « Connexion »."""
    request.check_form_proof()
    log_out(request.services, request.token, request.client, request.now)
    return responses.redirect(request.services, LOGIN_PAGE, forget=True)
