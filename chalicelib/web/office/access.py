"""« Mon accès »: a member's own role and sites, and the proofs of its login."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.account.passwords import trim
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.staff.recovery import WARN_AT
from chalicelib.flows.staff.access import NewPassword, StaffPasswordChange, change_password, renew_codes
from chalicelib.flows.staff.authenticator import next_key, replace_authenticator
from chalicelib.flows.staff.proconnect import is_offered
from chalicelib.flows.staff.second_factor import AuthenticatorInput
from chalicelib.presentation import texts
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.proposed_authenticator import proposed_authenticator
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)
ACCESS_PAGE: Final = f"{DESK}/mon-acces"
PASSWORD_PAGE: Final = f"{ACCESS_PAGE}/mot-de-passe"
CODES_PAGE: Final = f"{ACCESS_PAGE}/codes"
AUTHENTICATOR_PAGE: Final = f"{ACCESS_PAGE}/application"
_DONE: Final = {
    "mot-de-passe": "staff_own_password_changed",
    "application": "staff_own_application_replaced",
    "proconnect": "staff_own_proconnect_attached",
}


@routes.get(ACCESS_PAGE, right="staff")
def show_access(request: StaffRequest) -> Response:
    """Show the member and its proofs."""
    done = _DONE.get(request.query.get("fait", ""))
    information = texts.sentence(done) if done else None
    has_proconnect = is_offered(request.services)
    return desk_page(
        request, "access", "access", information=information, warn_at=WARN_AT, has_proconnect=has_proconnect
    )


@routes.get(PASSWORD_PAGE, right="staff")
def show_password(request: StaffRequest) -> Response:
    """Show the form of a new password."""
    return _password_page(request)


@routes.post(PASSWORD_PAGE, right="staff")
def take_password(request: StaffRequest) -> Response:
    """Change the password, or show the form again."""
    try:
        request.check_lengths()
        change = StaffPasswordChange(trim(request.field("actuel")), read_new_password(request))
        token = change_password(request.services, request.staff, change, request.client, request.now)
    except FormRefusal as refusal:
        return _password_page(request, feedback_on(refusal, request))
    return _done(request, "mot-de-passe", token)


@routes.get(CODES_PAGE, right="staff")
def show_codes(request: StaffRequest) -> Response:
    """Show the form of new recovery codes."""
    return _codes_page(request)


@routes.post(CODES_PAGE, right="staff")
def take_codes(request: StaffRequest) -> Response:
    """Make new recovery codes, and show them once."""
    try:
        request.prove_again()
        codes = renew_codes(request.services, request.staff, request.client, request.now)
    except FormRefusal as refusal:
        return _codes_page(request, feedback_on(refusal, request))
    return desk_page(request, "recovery_codes", "access", member=request.staff.member, codes=codes, is_new=False)


@routes.get(AUTHENTICATOR_PAGE, right="staff")
def show_authenticator(request: StaffRequest) -> Response:
    """Propose the key of another authenticator."""
    return _authenticator_page(request)


@routes.post(AUTHENTICATOR_PAGE, right="staff")
def take_authenticator(request: StaffRequest) -> Response:
    """Replace the authenticator, or show the form again."""
    try:
        request.check_lengths()
        request.prove_again()
        sent = read_authenticator(request)
        token = replace_authenticator(request.services, request.staff, sent, request.client, request.now)
    except FormRefusal as refusal:
        return _authenticator_page(request, feedback_on(refusal, request))
    return _done(request, "application", token)


def read_authenticator(request: StaffRequest) -> AuthenticatorInput:
    """Read the key that the page proposed, and the code that the authenticator shows."""
    return AuthenticatorInput(request.field("application"), request.field("code"))


def read_new_password(request: StaffRequest) -> NewPassword:
    """Read a new password and its confirmation."""
    return NewPassword(trim(request.field("nouveau")), trim(request.field("confirmation")))


def _done(request: StaffRequest, what: str, token: Token) -> Response:
    """Go on with a new token. The browser stays known, though the proofs that it logged in with have changed."""
    devices = request.devices_cookie(request.staff.member.email)
    return redirect(request.services, f"{ACCESS_PAGE}?fait={what}", token.cookie, devices)


def _password_page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    return desk_page(request, "access_password", "access", feedback=feedback)


def _codes_page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    return desk_page(request, "access_codes", "access", feedback=feedback, warn_at=WARN_AT)


def _authenticator_page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    staff = request.staff
    proposed = next_key(request.services, staff, request.field("application"), request.now)
    shown = proposed_authenticator(staff.network.name, proposed)
    return desk_page(request, "access_authenticator", "access", feedback=feedback, application=shown)
