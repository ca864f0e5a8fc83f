"""GET /extranet/compte and « Accessibilité » (guide 2.5)."""

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.flows.family.reenrolment import enter_page
from chalicelib.flows.family.visit import HomePart
from chalicelib.settings.wings import parts
from chalicelib.web.family.edge import FAMILY, HOME_PAGE, FamilyRequest, FormBlueprint, Visitor, family_page
from chalicelib.web.family.reenrolment import step_page
from chalicelib.web.responses import NO_FEEDBACK, Response

routes = FormBlueprint(__name__, FAMILY)


@routes.get(HOME_PAGE)
def home(request: FamilyRequest) -> Response:
    """Show « Accueil »: the family's next task first."""
    of_wings = {part.name: part.look_up for part in parts(HomePart)}
    context, results = enter_page(
        request, lambda ref: [look_up(request.services, ref) for look_up in of_wings.values()], page="home"
    )
    return step_page(
        request,
        context,
        "visit/home",
        NO_FEEDBACK,
        tab="home",
        awaited_documents=context.awaited_documents(request.services),
        parts=dict(zip(of_wings, results, strict=True)),
        today=request.now.astimezone(PARIS).date(),
    )


@routes.get(f"{HOME_PAGE}/accessibilite", FamilyRequest.enter)
def accessibility(request: FamilyRequest, visitor: Visitor) -> Response:
    """Show « Accessibilité »."""
    return family_page(request, visitor, "visit/accessibility", tab="accessibility")
