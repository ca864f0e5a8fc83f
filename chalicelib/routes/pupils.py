"""GET /extranet/compte/eleves: « Elèves », each with this year's courses, and where its re-enrolment stands."""

from chalice.app import Response

from chalicelib.announcement import announced_for
from chalicelib.flows.pupils import shown
from chalicelib.routes import answers
from chalicelib.routes.edge import HOME_PAGE, Door, Visit
from chalicelib.routes.reenrolment import enrol

routes = Door(__name__)


@routes.get(f"{HOME_PAGE}/eleves")
def pupils(visit: Visit) -> Response:
    """Show the pupils of the family."""
    enrolling = enrol(visit)
    return answers.account_page(
        visit.services,
        enrolling.visitor,
        "pupils",
        tab="pupils",
        enrolling=enrolling,
        pupils=shown(enrolling),
        period=announced_for(visit.services.settings.network, enrolling.period, visit.now),
    )
