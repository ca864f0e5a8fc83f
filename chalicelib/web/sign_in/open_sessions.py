"""/extranet/compte/mot-de-passe/connexions: the open sessions of a login, which its owner ends."""

from typing import Final

from chalicelib.domain.account.passwords import trim
from chalicelib.domain.account.sessions import ALL, session_name
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.sign_in.open_sessions import SessionChoice, end_sessions, other_sessions
from chalicelib.presentation import texts
from chalicelib.web.family.edge import CHANGE_PAGE, FormBlueprint, Visitor, family_page
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on
from chalicelib.web.sign_in.edge import SIGN_IN, SignInRequest

routes = FormBlueprint(__name__, SIGN_IN)
SESSIONS_PAGE: Final = f"{CHANGE_PAGE}/connexions"


@routes.get(SESSIONS_PAGE, SignInRequest.enter)
def show_sessions(request: SignInRequest, visitor: Visitor) -> Response:
    """Show the session of this browser, and the others."""
    return _page(request, visitor, NO_FEEDBACK)


@routes.post(SESSIONS_PAGE, SignInRequest.enter)
def take_session(request: SignInRequest, visitor: Visitor) -> Response:
    """End another session, or all others, and show the page again."""
    choice = SessionChoice(request.field("connexion"), trim(request.field("mot_de_passe")))
    try:
        request.check_lengths()
        end_sessions(request, visitor, choice)
    except FormRefusal as refusal:
        return _page(request, visitor, feedback_on(refusal, request))
    return _page(request, visitor, NO_FEEDBACK, texts.sentence("sessions_ended"))


def _page(request: SignInRequest, visitor: Visitor, feedback: FormFeedback, information: str | None = None) -> Response:
    sessions = other_sessions(request.services, visitor, request.now)
    return family_page(
        request,
        visitor,
        "sign_in/open_sessions",
        tab="password",
        feedback=feedback,
        information=information,
        chosen=request.field("connexion"),
        others=[(session_name(session.fingerprint), session) for session in sessions],
        all_others=ALL,
        opened_by=texts.OPENED_BY,
    )
