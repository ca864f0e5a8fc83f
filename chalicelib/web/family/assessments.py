"""GET /extranet/compte/eleves/{eleve}/appreciations: the assessments of a pupil by its teachers, to read and print."""

from chalice.app import Response

from chalicelib.flows.family.assessments import enter
from chalicelib.web import responses
from chalicelib.web.edge import HOME_PAGE, FormBlueprint, PageRequest

routes = FormBlueprint(__name__)


@routes.get(f"{HOME_PAGE}/eleves/{{eleve}}/appreciations")
def show_assessments(request: PageRequest) -> Response:
    """Show the published assessments of a pupil."""
    visitor, view = enter(request.services, request.token, request.client, request.now, request.parts["eleve"])
    return responses.account_page(request.services, visitor, "assessments", tab="pupils", view=view)
