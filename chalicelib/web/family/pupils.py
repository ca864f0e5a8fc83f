"""GET /extranet/compte/eleves: each pupil with their courses."""

from chalicelib.flows.family.pupils import pupil_views
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.presentation.announcement import announcement_for
from chalicelib.presentation.texts import season_title
from chalicelib.web.family.edge import FAMILY, HOME_PAGE, FamilyRequest, FormBlueprint, family_page
from chalicelib.web.family.reenrolment import enter_enrolment
from chalicelib.web.responses import Response

routes = FormBlueprint(__name__, FAMILY)


@routes.get(f"{HOME_PAGE}/eleves", enter_enrolment)
def pupils(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Show the pupils of the family."""
    return family_page(
        request,
        context.visitor,
        "pupils",
        tab="pupils",
        context=context,
        pupils=pupil_views(context),
        period=announcement_for(request.services.settings.network, context.period, request.now),
        season_title=season_title(context.period),
    )
