"""GET /extranet/compte and its tabs: « Accueil », and the pages behind the other tabs (guide 2.5)."""

from chalice.app import Response

from chalicelib.routes import responses
from chalicelib.routes.edge import HOME_PAGE, FormBlueprint, PageRequest
from chalicelib.routes.reenrolment import enter_enrolment, step_page
from chalicelib.routes.responses import NO_FEEDBACK

routes = FormBlueprint(__name__)


@routes.get(HOME_PAGE)
def home(request: PageRequest) -> Response:
    """Show « Accueil », and what is awaited of the family."""
    return step_page(request, enter_enrolment(request), "visit/home", NO_FEEDBACK, tab="home")


@routes.get(f"{HOME_PAGE}/accessibilite")
def accessibility(request: PageRequest) -> Response:
    """Show « Accessibilité »."""
    return responses.account_page(request.services, request.authenticate(), "visit/accessibility", tab="accessibility")
