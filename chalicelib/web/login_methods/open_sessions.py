"""/extranet/compte/mot-de-passe/connexions: the open sessions of a login, which its owner ends."""

from typing import Final

from chalicelib.domain.account.passwords import trim
from chalicelib.domain.account.sessions import ALL, session_name
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.login_methods.open_sessions import SessionChoice, end_sessions, other_sessions
from chalicelib.presentation import texts
from chalicelib.web.family.edge import CHANGE_PAGE, FormBlueprint, Visitor, family_page
from chalicelib.web.login_methods.edge import METHODS, MethodsRequest
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, confirmation, feedback_on

routes = FormBlueprint(__name__, METHODS)
SESSIONS_PAGE: Final = f"{CHANGE_PAGE}/connexions"


@routes.get(SESSIONS_PAGE, MethodsRequest.enter)
def show_sessions(request: MethodsRequest, visitor: Visitor) -> Response:
    """Show the session of this browser, and the others."""
    return _page(request, visitor, NO_FEEDBACK)


@routes.post(SESSIONS_PAGE, MethodsRequest.enter)
def take_session(request: MethodsRequest, visitor: Visitor) -> Response:
    """End another session, or all others, and show the page again."""
    choice = SessionChoice(request.field("connexion"), trim(request.field("mot_de_passe")))
    try:
        request.check_lengths()
        end_sessions(request, visitor, choice)
    except FormRefusal as refusal:
        return _page(request, visitor, feedback_on(refusal, request))
    return _page(request, visitor, confirmation("sessions_ended"))


def _page(request: MethodsRequest, visitor: Visitor, feedback: FormFeedback) -> Response:
    sessions = other_sessions(request.services, visitor, request.now)
    return family_page(
        request,
        visitor,
        "login_methods/open_sessions",
        tab="password",
        feedback=feedback,
        chosen=request.field("connexion"),
        others=[(session_name(session.fingerprint), session) for session in sessions],
        all_others=ALL,
        opened_by=texts.OPENED_BY,
    )
