"""/extranet/compte/acces: the login methods of a login. Its passkeys and FranceConnect links are removed one by one."""

from chalicelib.domain.account.sessions import NEWS
from chalicelib.flows.login_methods.methods import method_name, remove_method
from chalicelib.presentation import texts
from chalicelib.web.family.edge import FormBlueprint, Visitor, family_page
from chalicelib.web.login_methods.edge import METHODS, METHODS_PAGE, PROOF_PAGE, MethodsRequest
from chalicelib.web.responses import FormFeedback, Response, redirect

routes = FormBlueprint(__name__, METHODS)


@routes.get(METHODS_PAGE, MethodsRequest.enter)
def show_methods(request: MethodsRequest, visitor: Visitor) -> Response:
    """Show the login methods, and their last change for a moment."""
    return family_page(
        request,
        visitor,
        "login_methods/methods",
        tab="password",
        feedback=FormFeedback(information=_recent_news(request, visitor)),
        is_proven=visitor.session.is_proven(request.now),
        named=method_name,
    )


@routes.post(METHODS_PAGE, MethodsRequest.enter)
def take_removal(request: MethodsRequest, visitor: Visitor) -> Response:
    """Remove a login method, and show the page again. Without a recent proof, ask for one first."""
    if not visitor.session.is_proven(request.now):
        return redirect(request.services, PROOF_PAGE)
    token = remove_method(request, visitor, request.field("acces"))
    return METHODS.redirect(request.services, METHODS_PAGE, token.cookie if token else None)


def _recent_news(request: MethodsRequest, visitor: Visitor) -> str | None:
    """Describe for a moment the last login method that came or went. A first use is no news to its person."""
    trail = visitor.login.access_corrections
    changes = [change for change in trail if change.what == "sign_in" and change.new != ("franceconnect_used",)]
    if not changes or request.now - changes[-1].at >= NEWS:
        return None
    return texts.sentence("method_removed" if len(changes[-1].new) < len(changes[-1].old) else "method_added")
