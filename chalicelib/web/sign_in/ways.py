"""/extranet/compte/acces: the ways into a login. Its passkeys and FranceConnect links are removed one by one."""

from chalicelib.domain.account.sessions import NEWS
from chalicelib.flows.sign_in.ways import remove_way, way_name
from chalicelib.presentation import texts
from chalicelib.web.family.edge import FormBlueprint, Visitor, family_page
from chalicelib.web.responses import NO_FEEDBACK, Response, redirect
from chalicelib.web.sign_in.edge import PROOF_PAGE, SIGN_IN, WAYS_PAGE, SignInRequest

routes = FormBlueprint(__name__, SIGN_IN)


@routes.get(WAYS_PAGE, SignInRequest.enter)
def show_ways(request: SignInRequest, visitor: Visitor) -> Response:
    """Show the ways in, and their last change for a moment."""
    return family_page(
        request,
        visitor,
        "sign_in/ways",
        tab="password",
        feedback=NO_FEEDBACK,
        information=_recent_news(request, visitor),
        is_proven=visitor.session.is_proven(request.now),
        named=way_name,
    )


@routes.post(WAYS_PAGE, SignInRequest.enter)
def take_removal(request: SignInRequest, visitor: Visitor) -> Response:
    """Remove a way in, and show the page again. Without a recent proof, ask for one first."""
    if not visitor.session.is_proven(request.now):
        return redirect(request.services, PROOF_PAGE)
    token = remove_way(request, visitor, request.field("acces"))
    return SIGN_IN.redirect(request.services, WAYS_PAGE, token.cookie if token else None)


def _recent_news(request: SignInRequest, visitor: Visitor) -> str | None:
    """Describe for a moment the last way in that came or went. A first use is no news to its person."""
    trail = visitor.login.access_corrections
    changes = [change for change in trail if change.what == "sign_in" and change.new != ("franceconnect_used",)]
    if not changes or request.now - changes[-1].at >= NEWS:
        return None
    return texts.sentence("way_removed" if len(changes[-1].new) < len(changes[-1].old) else "way_added")
