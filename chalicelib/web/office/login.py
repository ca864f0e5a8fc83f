"""GET and POST /extranet/bureau/connexion: the first half of a login, an address and a password."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.account import argon2id  # noqa: F401 - loaded at the start: the first login need not wait
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.passwords import trim
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.staff.login import StaffCredentials, log_in
from chalicelib.flows.staff.proconnect import is_offered
from chalicelib.presentation import texts
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import CODE_PAGE, DESK, LOGIN_PAGE, DeskBlueprint, StaffRequest, door_page, redirect
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)
_SAID: Final = {
    "terminee": "staff_session_over",
    "sortie": "staff_logged_out",
    "navigateur": "staff_browser_known",
}  # what led here, by `fait`


@routes.get(LOGIN_PAGE, right=None)
def show_login(request: StaffRequest) -> Response:
    """Show the form; who is logged in already goes on to the desk."""
    if request.is_entered:
        return redirect(request.services, DESK)
    said = _SAID.get(request.query.get("fait", ""))
    return login_page(request, information=texts.sentence(said) if said else None)


@routes.post(LOGIN_PAGE, right=None)
def connect(request: StaffRequest) -> Response:
    """Open a session that waits for its code, or show the form again."""
    try:
        request.check_lengths()
        token = log_in(request.services, _credentials(request), request.client, request.now, request.token)
    except FormRefusal as refusal:
        return login_page(request, feedback_on(refusal, request))
    return redirect(request.services, CODE_PAGE, token.cookie)


def login_page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK, information: str | None = None) -> Response:
    """Show the form, with the other door where the network has one."""
    return door_page(
        request,
        "login",
        feedback=feedback,
        information=information,
        typed={"courriel": request.field("courriel")},
        has_proconnect=is_offered(request.services),
    )


def _credentials(request: StaffRequest) -> StaffCredentials:
    """Read the form. Raises `FieldsRefused`."""
    email, password = email_from(request.field("courriel")), trim(request.field("mot_de_passe"))
    checked = {"courriel": (email, "staff_email_missing"), "mot_de_passe": (password, "password_missing")}
    if all(value for value, _ in checked.values()):
        return StaffCredentials(email, password)
    raise FieldsRefused({name: (code,) for name, (value, code) in checked.items() if not value})
