"""GET /extranet/compte and « Accessibilité » (guide 2.5)."""

from collections.abc import Sequence
from itertools import chain, islice
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.flows.family.reenrolment import enter_page
from chalicelib.flows.family.visit import HomePart
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.settings.wings import parts
from chalicelib.web.family.edge import FAMILY, HOME_PAGE, FamilyRequest, FormBlueprint, Visitor, family_page
from chalicelib.web.family.reenrolment import step_page
from chalicelib.web.responses import NO_FEEDBACK, Response

routes = FormBlueprint(__name__, FAMILY)


@routes.get(HOME_PAGE)
def home(request: FamilyRequest) -> Response:
    """Show « Accueil »: the family's next task first."""
    of_wings = parts(HomePart)
    lookups: dict[str, Sequence[Lookup[Any]]] = {}

    def look_up(ref: AccountRef) -> list[Lookup[Any]]:
        lookups.update({part.name: part.lookups(request.services, ref) for part in of_wings})
        return list(chain.from_iterable(lookups.values()))

    context, results = enter_page(request, look_up, page="home")
    rest = iter(results)
    return step_page(
        request,
        context,
        "visit/home",
        NO_FEEDBACK,
        tab="home",
        awaited_documents=context.awaited_documents(request.services),
        parts={part.name: part.value(list(islice(rest, len(lookups[part.name])))) for part in of_wings},
        today=request.now.astimezone(PARIS).date(),
    )


@routes.get(f"{HOME_PAGE}/accessibilite", FamilyRequest.enter)
def accessibility(request: FamilyRequest, visitor: Visitor) -> Response:
    """Show « Accessibilité »."""
    return family_page(request, visitor, "visit/accessibility", tab="accessibility")
