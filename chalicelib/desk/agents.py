"""GET /extranet/bureau/agents and below: the door by ProConnect, where a network has it."""

from contextlib import suppress
from typing import Final

from chalice.app import Response

from chalicelib.desk.edge import DESK, DeskBlueprint, StaffRequest, question_cookie_name, redirect
from chalicelib.desk.login import login_page
from chalicelib.domain.refusals import FormRefusal, NotLoggedIn, NotThere, Unavailable
from chalicelib.domain.staff.refusals import ProviderSilent
from chalicelib.flows.staff.entering import StaffContext, enter
from chalicelib.flows.staff.logout import log_out
from chalicelib.flows.staff.proconnect import RETURN_PATH, ask, is_offered, take_answer
from chalicelib.routes import responses
from chalicelib.routes.feedback import feedback_on
from chalicelib.routes.responses import FormFeedback

routes = DeskBlueprint(__name__)
AGENTS_PATH: Final = f"{DESK}/agents"
_REFUSED, _SILENT = 401, 503


@routes.get(AGENTS_PATH, right=None)
def leave_for_proconnect(request: StaffRequest) -> Response:
    """Send to ProConnect; with `?confirmer=1`, to show there again who one is. Nothing is kept but by the browser."""
    if not is_offered(request.services):
        raise NotThere
    try:
        address, kept = ask(request.services, request.now, again="confirmer" in request.query)
    except FormRefusal as refusal:
        return _login_page(request, refusal)
    return responses.redirect_with(request.services, address, question_cookie_name(request.services), kept)


@routes.get(RETURN_PATH, right=None)
def come_back(request: StaffRequest) -> Response:
    """Open the desk for who ProConnect answers for, or show the door again with what to do."""
    if not is_offered(request.services):
        raise NotThere
    try:
        token = take_answer(
            request.services, request.asked, request.query, _inside(request), request.client, request.now
        )
    except FormRefusal as refusal:
        # The same answer sent again (a page reloaded) opens nothing more, and closes nothing.
        return redirect(request.services, DESK) if request.is_entered else _login_page(request, refusal)
    if request.token and token != request.token:
        with suppress(Unavailable):  # it ends by itself in half an hour, and an answer comes once
            log_out(request.services, request.token)
    return redirect(request.services, DESK, token.cookie)


def _inside(request: StaffRequest) -> StaffContext | None:
    try:
        return enter(request.services, request.token, request.now)
    except NotLoggedIn:
        return None


def _login_page(request: StaffRequest, refusal: FormRefusal) -> Response:
    """Show the door of the desk, whose other way in is open."""
    status = _SILENT if isinstance(refusal, ProviderSilent) else _REFUSED
    return login_page(request, FormFeedback(status, feedback_on(refusal, request).alert))
