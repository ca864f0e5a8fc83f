"""GET /extranet/compte and its tabs: « Accueil », and the pages behind the other tabs (guide 2.5)."""

from chalice.app import Response

from chalicelib.routes import responses
from chalicelib.routes.edge import HOME_PAGE, FormBlueprint, PageRequest
from chalicelib.routes.reenrolment import enter_enrolment, step_page
from chalicelib.routes.responses import NO_FEEDBACK
from chalicelib.texts import sentence

routes = FormBlueprint(__name__)


@routes.get(HOME_PAGE)
def home(request: PageRequest) -> Response:
    """Show « Accueil », and what is awaited of the family; and at which site it is, if another was just tried."""
    context = enter_enrolment(request)
    visitor = context.visitor
    is_news = visitor.session.just_forgiven(request.now)
    information = sentence("site_forgiven", site=visitor.site.name) if is_news else None
    return step_page(request, context, "visit/home", NO_FEEDBACK, tab="home", information=information)


@routes.get(f"{HOME_PAGE}/accessibilite")
def accessibility(request: PageRequest) -> Response:
    """Show « Accessibilité »."""
    return responses.account_page(request.services, request.authenticate(), "visit/accessibility", tab="accessibility")
