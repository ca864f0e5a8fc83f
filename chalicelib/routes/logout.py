"""POST /extranet/compte/deconnexion: log out (guide 2.5)."""

from chalice.app import Response

from chalicelib.flows.logout import log_out
from chalicelib.routes import answers
from chalicelib.routes.edge import LOGIN_PAGE, Door, Visit

routes = Door(__name__)


@routes.post("/extranet/compte/deconnexion")
def disconnect(visit: Visit) -> Response:
    """End the session and go back to « Connexion »."""
    visit.check_form_proof()
    log_out(visit.services, visit.token, visit.client, visit.now)
    return answers.redirect(visit.services, LOGIN_PAGE, forget=True)
