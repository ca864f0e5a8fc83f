"""GET /extranet/compte/eleves: « Elèves », each with this year's courses, and where its re-enrolment stands."""

from chalice.app import Response

from chalicelib.flows.family.pupils import pupil_views
from chalicelib.presentation.announcement import announcement_for
from chalicelib.presentation.texts import season_title
from chalicelib.web import responses
from chalicelib.web.edge import HOME_PAGE, FormBlueprint, PageRequest
from chalicelib.web.family.reenrolment import enter_enrolment

routes = FormBlueprint(__name__)


@routes.get(f"{HOME_PAGE}/eleves")
def pupils(request: PageRequest) -> Response:
    """Show the pupils of the family."""
    context = enter_enrolment(request)
    return responses.account_page(
        request.services,
        context.visitor,
        "pupils",
        tab="pupils",
        context=context,
        pupils=pupil_views(context),
        period=announcement_for(request.services.settings.network, context.period, request.now),
        season_title=season_title(context.period),
    )
