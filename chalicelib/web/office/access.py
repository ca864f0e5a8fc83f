"""« Mon accès »: a member's own role and sites, and the proofs of their login."""

from typing import Any, Final

from chalicelib.domain.account.passwords import trim
from chalicelib.domain.account.sessions import ALL, Token, session_name
from chalicelib.domain.staff.recovery import WARN_AT
from chalicelib.flows.staff.access import (
    NewPassword,
    StaffPasswordChange,
    change_password,
    end_sessions,
    other_sessions,
    renew_codes,
)
from chalicelib.flows.staff.proconnect import is_offered
from chalicelib.flows.staff.second_factor import AuthenticatorInput, next_key, replace_authenticator
from chalicelib.presentation import texts
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, desk_page, redirect
from chalicelib.web.office.proposed_authenticator import proposed_authenticator
from chalicelib.web.responses import Response

routes = ActBlueprint(__name__)
ACCESS_PAGE: Final = f"{DESK}/mon-acces"
PASSWORD_PAGE: Final = f"{ACCESS_PAGE}/mot-de-passe"
CODES_PAGE: Final = f"{ACCESS_PAGE}/codes"
AUTHENTICATOR_PAGE: Final = f"{ACCESS_PAGE}/application"
SESSIONS_PAGE: Final = f"{ACCESS_PAGE}/connexions"


def read_authenticator(request: DeskRequest) -> AuthenticatorInput:
    """Read the key that the page proposed, and the code that the authenticator shows."""
    return AuthenticatorInput(request.field("application"), request.field("code"))


def read_new_password(request: DeskRequest) -> NewPassword:
    """Read a new password and its confirmation."""
    return NewPassword(trim(request.field("nouveau")), trim(request.field("confirmation")))


def _done(request: DeskRequest, act: str, token: Token) -> Response:
    """Go on with a new token. The browser stays known, though the proofs that it logged in with have changed."""
    devices = request.devices_cookie(request.staff.member.email)
    return redirect(request.services, f"{ACCESS_PAGE}?fait={act}", token.cookie, devices)


def _authenticator_facts(request: DeskRequest, _subject: None, _outcome: Outcome) -> dict[str, Any]:
    """Propose the key of another authenticator."""
    staff = request.staff
    key = next_key(request.services, staff, request.field("application"), request.now)
    return {"application": proposed_authenticator(staff.network.name, key)}


def _sessions_facts(request: DeskRequest, _subject: None, _outcome: Outcome) -> dict[str, Any]:
    sessions = other_sessions(request.services, request.staff, request.now)
    return {"others": [(session_name(session.fingerprint), session) for session in sessions], "all_others": ALL}


ACCESS: Final = ActPage(
    "access",
    "access",
    lambda request, _subject, _outcome: {"warn_at": WARN_AT, "has_proconnect": is_offered(request.services)},
    sentences={
        "mot-de-passe": texts.sentence("staff_own_password_changed"),
        "application": texts.sentence("staff_own_application_replaced"),
        "proconnect": texts.sentence("staff_own_proconnect_attached"),
    },
)
PASSWORD: Final = ActPage("access_password", "access")
SESSIONS: Final = ActPage(
    "access_sessions",
    "access",
    _sessions_facts,
    inputs=("connexion",),
    back=lambda _: SESSIONS_PAGE,
    sentences={"terminee": texts.sentence("staff_sessions_ended")},
)
CODES: Final = ActPage("access_codes", "access", lambda _request, _subject, _outcome: {"warn_at": WARN_AT})
AUTHENTICATOR: Final = ActPage("access_authenticator", "access", _authenticator_facts)
routes.page(ACCESS_PAGE, "staff", ACCESS)
routes.page(PASSWORD_PAGE, "staff", PASSWORD)
routes.page(CODES_PAGE, "staff", CODES)
routes.page(SESSIONS_PAGE, "staff", SESSIONS)
routes.page(AUTHENTICATOR_PAGE, "staff", AUTHENTICATOR)


@routes.act(PASSWORD_PAGE, "staff", PASSWORD)
def take_password(request: DeskRequest, _: None) -> Response:
    """Change the password."""
    change = StaffPasswordChange(trim(request.field("actuel")), read_new_password(request))
    token = change_password(request, request.staff, change)
    return _done(request, "mot-de-passe", token)


@routes.act(CODES_PAGE, "staff", CODES, is_proven_again=True)
def take_codes(request: DeskRequest, _: None) -> Response:
    """Make new recovery codes, and show them once."""
    codes = renew_codes(request, request.staff)
    return desk_page(request, "recovery_codes", "access", member=request.staff.member, codes=codes, is_new=False)


@routes.act(AUTHENTICATOR_PAGE, "staff", AUTHENTICATOR, is_proven_again=True)
def take_authenticator(request: DeskRequest, _: None) -> Response:
    """Replace the authenticator."""
    authenticator = read_authenticator(request)
    token = replace_authenticator(request, request.staff, authenticator)
    return _done(request, "application", token)


@routes.act(SESSIONS_PAGE, "staff", SESSIONS, is_proven_again=True)
def take_session(request: DeskRequest, _: None) -> str:
    """End another session, or all others."""
    end_sessions(request, request.staff, request.field("connexion"))
    return "terminee"
