"""/extranet/compte/eleves/{eleve}/agenda: the secret address of a pupil's calendar."""

from typing import Final

from chalicelib.domain.family.households import first_name
from chalicelib.web.family.edge import FAMILY, HOME_PAGE, FamilyRequest, FormBlueprint, Visitor, family_page
from chalicelib.web.responses import Response, redirect
from chalicelib.wings.teaching.flows.family.calendar import change_calendar, see_calendar
from chalicelib.wings.teaching.web.lesson_calendar import OF_PUPIL, subscription

routes = FormBlueprint(__name__, FAMILY)

_PAGE: Final = f"{HOME_PAGE}/eleves/{{eleve}}/agenda"


@routes.get(_PAGE, FamilyRequest.enter)
def show_calendar(request: FamilyRequest, visitor: Visitor) -> Response:
    """Show the address, if there is one, and how a telephone or a computer subscribes to it."""
    view = see_calendar(request.services, visitor, request.parts["eleve"], request.now)
    return family_page(
        request,
        visitor,
        "calendar",
        tab="pupils",
        view=view,
        first_name=first_name(view.pupil.name),
        path=_PAGE.format(eleve=view.key),
        subscription=subscription(request.services, OF_PUPIL, view.link),
    )


@routes.post(_PAGE, FamilyRequest.enter)
def change_address(request: FamilyRequest, visitor: Visitor) -> Response:
    """Make, renew or remove the address, and show the page again."""
    key = request.parts["eleve"]
    change_calendar(request.services, visitor, key, (request.field("action"), request.field("vu")), request.now)
    return redirect(request.services, _PAGE.format(eleve=key))
