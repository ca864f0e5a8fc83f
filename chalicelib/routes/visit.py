"""GET /extranet/compte and its tabs: « Accueil », and the pages behind the other tabs (guide 2.5)."""

from chalice.app import Response

from chalicelib.routes import answers
from chalicelib.routes.edge import HOME_PAGE, Door, Visit

routes = Door(__name__)


@routes.get(HOME_PAGE)
def home(visit: Visit) -> Response:
    """Show « Accueil »."""
    visitor = visit.enter()
    period = visit.announced(visitor.site.code)
    return answers.account_page(visit.services, visitor, "visit/home", tab="home", period=period)


@routes.get(f"{HOME_PAGE}/accessibilite")
def accessibility(visit: Visit) -> Response:
    """Show « Accessibilité »."""
    return answers.account_page(visit.services, visit.enter(), "visit/accessibility", tab="accessibility")
