"""GET and POST /extranet/bureau/connexion: the first half of a login, an address and a password."""

from chalice.app import Response

from chalicelib.desk.edge import CODE_PAGE, LOGIN_PAGE, DeskBlueprint, StaffRequest, redirect
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.passwords import trim
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.staff.login import StaffCredentials, log_in
from chalicelib.routes import responses
from chalicelib.routes.feedback import feedback_on
from chalicelib.routes.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)


@routes.get(LOGIN_PAGE, right=None)
def show_login(request: StaffRequest) -> Response:
    """Show the form."""
    return _page(request)


@routes.post(LOGIN_PAGE, right=None)
def connect(request: StaffRequest) -> Response:
    """Open a session that waits for its code, or show the form again."""
    try:
        request.check_lengths()
        token = log_in(request.services, _credentials(request), request.client, request.now, request.token)
    except FormRefusal as refusal:
        return _page(request, feedback_on(refusal, request))
    return redirect(request.services, CODE_PAGE, token.cookie)


def _page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    return responses.page(
        request.services, "desk/login", feedback=feedback, typed={"courriel": request.field("courriel")}
    )


def _credentials(request: StaffRequest) -> StaffCredentials:
    """Read the form. Raises `FieldsRefused`."""
    email, password = email_from(request.field("courriel")), trim(request.field("mot_de_passe"))
    checked = {"courriel": (email, "staff_email_missing"), "mot_de_passe": (password, "password_missing")}
    if all(value for value, _ in checked.values()):
        return StaffCredentials(email, password)
    raise FieldsRefused({name: (code,) for name, (value, code) in checked.items() if not value})
