"""GET /extranet/bureau/agents and below: login by ProConnect, if the network has it, and how a member attaches it."""

import hmac
from contextlib import suppress
from dataclasses import replace
from typing import Final

from chalicelib.domain.refusals import FormRefusal, NotLoggedIn, NotThere, Unavailable
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login import ProofRefused, log_out
from chalicelib.flows.staff.proconnect import (
    RETURN_PATH,
    ProviderSilent,
    ask,
    ask_to_attach,
    is_attaching,
    is_offered,
    take_answer,
)
from chalicelib.web.office.access import ACCESS_PAGE
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, QUESTION, DeskRequest, redirect
from chalicelib.web.office.login import login_page
from chalicelib.web.requests import parts_of
from chalicelib.web.responses import Cookie, FormFeedback, Response, feedback_on

routes = ActBlueprint(__name__)
AGENTS_PATH: Final = f"{DESK}/agents"
ATTACH_PAGE: Final = f"{ACCESS_PAGE}/proconnect"
ATTACH_PATH: Final = f"{ATTACH_PAGE}/aller"
_REFUSED, _SILENT = 401, 503


@routes.get(AGENTS_PATH, right=None)
def leave_for_proconnect(request: DeskRequest) -> Response:
    """Redirect to ProConnect, with `?confirmer=1` to confirm the identity there. Only the browser keeps the request."""
    if not is_offered(request.services):
        raise NotThere
    try:
        address, cookie = ask(request.services, request.now, again="confirmer" in request.query)
    except FormRefusal as refusal:
        return _login_page(request, refusal)
    return _leave(request, address, cookie)


@routes.get(ATTACH_PATH, right="staff")
def leave_to_attach(request: DeskRequest) -> Response:
    """Redirect to ProConnect from a member's own page, whose link carries the proof of its forms."""
    _check_attachable(request)
    _, proof = parts_of(request.query.get("jeton", ""))
    if not hmac.compare_digest(proof.encode(), request.staff.token.form_proof.encode()):
        return redirect(request.services, ATTACH_PAGE)
    try:
        address, cookie = ask_to_attach(request.services, request.staff, request.now)
    except ProofRefused:
        return redirect(request.services, ATTACH_PAGE)
    except FormRefusal as refusal:
        return _attach_page(request, refusal)
    return _leave(request, address, cookie)


@routes.get(RETURN_PATH, right=None)
def come_back(request: DeskRequest) -> Response:
    """Open the desk to the person named by ProConnect, or attach the account, or show the next step."""
    if not is_offered(request.services):
        raise NotThere
    inside, attaching = _inside(request), is_attaching(request.services, request.question, request.now)
    try:
        token = take_answer(request, request.question, request.query, inside)
    except FormRefusal as refusal:
        if inside and attaching:
            return _attach_page(replace(request, inside=inside), refusal)
        # The same answer sent again (a page reloaded) opens nothing, and closes nothing.
        return redirect(request.services, DESK) if inside else _login_page(request, refusal)
    if attaching:
        return redirect(request.services, f"{ACCESS_PAGE}?fait=proconnect")
    if request.token and token != request.token:
        with suppress(Unavailable):  # it ends by itself in half an hour, and an answer comes once
            log_out(request)
    return redirect(request.services, DESK, token.cookie)


def _inside(request: DeskRequest) -> StaffContext | None:
    try:
        return enter(request)
    except NotLoggedIn:
        return None


def _login_page(request: DeskRequest, refusal: FormRefusal) -> Response:
    """Show the login form of the desk, which still works without ProConnect."""
    return login_page(request, _feedback(request, refusal))


def _feedback(request: DeskRequest, refusal: FormRefusal) -> FormFeedback:
    status = _SILENT if isinstance(refusal, ProviderSilent) else _REFUSED
    return FormFeedback(status, feedback_on(refusal, request).alert)


def _leave(request: DeskRequest, address: str, cookie: str) -> Response:
    return redirect(request.services, address, None, "", Cookie(QUESTION, cookie))


def _check_attachable(request: DeskRequest) -> None:
    """Check that the network has ProConnect, and the member a password. Raises `NotThere`."""
    if not is_offered(request.services) or request.staff.member.password is None:
        raise NotThere


def _attach_page(request: DeskRequest, refusal: FormRefusal) -> Response:
    _check_attachable(request)
    return ATTACH.show(request, None, Outcome(_feedback(request, refusal)))


ATTACH: Final = ActPage(
    "access_proconnect", "access", lambda _request, _subject, _outcome: {"leave_path": ATTACH_PATH}, _check_attachable
)
routes.page(ATTACH_PAGE, "staff", ATTACH)


@routes.act(ATTACH_PAGE, "staff", ATTACH, is_proven_again=True)
def prove_for_attaching(request: DeskRequest, _: None) -> Response:
    """Check the member. The page then shows a link, since `form-action` forbids a form that leads to another origin."""
    return redirect(request.services, ATTACH_PAGE)
