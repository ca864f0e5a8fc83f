"""GET /extranet/compte/eleves: « Elèves », each with this year's courses."""

from chalice.app import Response

from chalicelib.flows.pupils import shown
from chalicelib.routes import answers
from chalicelib.routes.edge import HOME_PAGE, Door, Visit

routes = Door(__name__)


@routes.get(f"{HOME_PAGE}/eleves")
def pupils(visit: Visit) -> Response:
    """Show the pupils of the family."""
    visitor = visit.enter()
    found = shown(visitor.account.household, visit.now)
    return answers.account_page(visit.services, visitor, "pupils", tab="pupils", pupils=found)
