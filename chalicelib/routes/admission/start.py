"""« Pré-inscription »: where a family that has no account begins."""

from chalice.app import Response

from chalicelib.routes import responses
from chalicelib.routes.edge import FormBlueprint, PageRequest

routes = FormBlueprint(__name__)


@routes.get("/extranet/pre-inscription")
def start(request: PageRequest) -> Response:
    """Show it."""
    return responses.page(request.services, "admission/start")
