"""GET and POST /extranet/bureau/connexion and /code: log in with an address and a password, then a code."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.account import argon2id  # noqa: F401 - loaded at the start: the first login need not wait
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.passwords import trim
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login import StaffCredentials, log_in, log_out
from chalicelib.flows.staff.login_code import enter_half_open, prove_code
from chalicelib.flows.staff.proconnect import is_offered
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.office.edge import (
    CODE_PAGE,
    DESK,
    LOGIN_PAGE,
    STAFF,
    DeskRequest,
    door_page,
    entering_cookies,
    redirect,
    sentences_in,
)
from chalicelib.web.office.pending_form import carried, member_proof, open_form
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, confirmation, feedback_on, set_cookies

routes = FormBlueprint(__name__, STAFF)
LOGOUT_PATH = f"{DESK}/deconnexion"


@routes.post(LOGOUT_PATH, right=None)
def leave(request: DeskRequest) -> Response:
    """End the session, half open or open, and go back to the login form."""
    request.check_form_proof()
    log_out(request)
    answer = redirect(request.services, f"{LOGIN_PAGE}?fait=sortie", "")
    answer.headers["Clear-Site-Data"] = '"cache"'  # a roll that the browser kept (docs/decisions/0080)
    return answer


@routes.get(CODE_PAGE, right=None)
def show_code(request: DeskRequest) -> Response:
    """Ask for the code after the password. A member logged in already is redirected to the desk."""
    if request.is_entered:
        return redirect(request.services, DESK)
    return _page(request, half_open_member(request))


@routes.post(CODE_PAGE, right=None)
def take_code(request: DeskRequest) -> Response:
    """Open the desk, or show the form again. An old form in a logged-in browser only redirects to the desk."""
    request.check_form_proof()
    try:
        context = enter_half_open(request)
    except NotLoggedIn:
        if request.is_entered:
            return redirect(request.services, DESK)
        raise
    try:
        request.check_lengths()
        code = request.field("code")
        if not code:
            raise FieldsRefused({"code": ("staff_code_missing",)})
        token = prove_code(request, context, code)
    except FormRefusal as refusal:
        return show_code_again(request, context, refusal)
    return entered(request, token, context.member.email)


def entered(request: DeskRequest, token: Token, email: str) -> Response:
    """Redirect a member who has just logged in to the desk, or show the form that the login kept, to be sent."""
    pending = open_form(request, email)
    if pending is None:
        return redirect(request.services, DESK, token.cookie, request.devices_cookie(email))
    feedback = FormFeedback(headers=entering_cookies(request, token, email))
    texts = sentences_in(replace(request, form=pending.fields, token=token))
    proof = member_proof(request.services, email, token)
    return door_page(request, "form_back", feedback=feedback, pending=pending, typed=texts, proof=proof)


def half_open_member(request: DeskRequest) -> StaffContext:
    """Find the member of a half-open session. Raises `NotLoggedIn`."""
    return enter(request, "password")


def show_code_again(request: DeskRequest, context: StaffContext, refusal: FormRefusal) -> Response:
    """Show the form again, with the refusal and every other login method."""
    return _page(request, context, feedback_on(refusal, request))


def _page(request: DeskRequest, context: StaffContext, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    return door_page(request, "code", feedback=feedback, staff=context, proof=context.token.form_proof)


_SAID: Final = {
    "terminee": "staff_session_over",
    "sortie": "staff_logged_out",
    "navigateur": "staff_browser_known",
}  # the cause of coming here, by `fait`


@routes.get(LOGIN_PAGE, right=None)
def show_login(request: DeskRequest) -> Response:
    """Show the form. A member logged in already is redirected to the desk."""
    if request.is_entered:
        return redirect(request.services, DESK)
    code = _SAID.get(request.query.get("fait", ""))
    return login_page(request, confirmation(code))


@routes.post(LOGIN_PAGE, right=None)
def connect(request: DeskRequest) -> Response:
    """Open a session that awaits its code, or show the form again."""
    try:
        request.check_lengths()
        token = log_in(request, _credentials(request))
    except FormRefusal as refusal:
        return login_page(request, feedback_on(refusal, request))
    if not carried(request):
        return redirect(request.services, CODE_PAGE, token.cookie)
    half_open = replace(request, token=token)
    cookies = set_cookies(request.services, *STAFF.cookies(token.cookie))
    return _page(half_open, half_open_member(half_open), FormFeedback(headers=cookies))


def login_page(request: DeskRequest, feedback: FormFeedback) -> Response:
    """Show the form, with ProConnect if the network has it."""
    return door_page(
        request,
        "login",
        feedback=feedback,
        typed={"courriel": request.field("courriel")},
        has_proconnect=is_offered(request.services),
    )


def _credentials(request: DeskRequest) -> StaffCredentials:
    """Read the form. Raises `FieldsRefused`."""
    email, password = email_from(request.field("courriel")), trim(request.field("mot_de_passe"))
    inputs = {"courriel": (email, "staff_email_missing"), "mot_de_passe": (password, "password_missing")}
    if all(value for value, _ in inputs.values()):
        return StaffCredentials(email, password)
    raise FieldsRefused({name: (code,) for name, (value, code) in inputs.items() if not value})
