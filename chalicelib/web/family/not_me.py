"""/extranet/compte/ce-n-est-pas-moi: the link of a notice shows a button that takes the change back."""

from chalicelib.domain.account.change_links import LinkGone
from chalicelib.flows.family.not_me import disown_change, read_change
from chalicelib.web.family.edge import FAMILY, FamilyRequest, FormBlueprint
from chalicelib.web.responses import FormFeedback, Response, page, redirect

routes = FormBlueprint(__name__, FAMILY)

_PAGE = "/extranet/compte/ce-n-est-pas-moi"


@routes.get(f"{_PAGE}/{{lien}}")
def show_change(request: FamilyRequest) -> Response:
    """Show the change and its button, or that it was pressed. Opening the link changes nothing."""
    text = request.parts["lien"]
    try:
        change = read_change(request, text)
    except LinkGone:
        return _gone(request)
    return page(request.services, "family/not_me", change=change, text=text)


@routes.post(_PAGE)
def take_back(request: FamilyRequest) -> Response:
    """Take the change back, and show that it is."""
    text = request.field("lien")
    try:
        disown_change(request, text)
    except LinkGone:
        return _gone(request)
    return redirect(request.services, f"{_PAGE}/{text}")


def _gone(request: FamilyRequest) -> Response:
    """Say that the link has expired, and the remedy, with a status for which the CDN has no page of its own."""
    return page(request.services, "family/not_me", feedback=FormFeedback(410), change=None)
