"""GET /extranet/compte and its tabs: « Accueil », and the pages behind the other tabs (guide 2.5)."""

from chalice.app import Response

from chalicelib.routes import answers
from chalicelib.routes.answers import NOTHING
from chalicelib.routes.edge import HOME_PAGE, Door, Visit
from chalicelib.routes.reenrolment import enrol, step_page

routes = Door(__name__)


@routes.get(HOME_PAGE)
def home(visit: Visit) -> Response:
    """Show « Accueil », and what is awaited of the family."""
    return step_page(visit, enrol(visit), "visit/home", NOTHING, tab="home")


@routes.get(f"{HOME_PAGE}/accessibilite")
def accessibility(visit: Visit) -> Response:
    """Show « Accessibilité »."""
    return answers.account_page(visit.services, visit.enter(), "visit/accessibility", tab="accessibility")
