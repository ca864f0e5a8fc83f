"""GET and POST /extranet/bureau/code: the second half of a login, a code that works once."""

from chalice.app import Response

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login_code import enter_half, prove_code
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import CODE_PAGE, DESK, DeskBlueprint, StaffRequest, door_page, redirect
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)


@routes.get(CODE_PAGE, right=None)
def show_code(request: StaffRequest) -> Response:
    """Ask for the code of whoever has shown a password; who is logged in already goes on to the desk."""
    if request.is_entered:
        return redirect(request.services, DESK)
    return _page(request, half_entered(request))


@routes.post(CODE_PAGE, right=None)
def take_code(request: StaffRequest) -> Response:
    """Open the desk, or show the form again. An old form in a browser that has entered only leads on to the desk."""
    request.check_form_proof()
    try:
        context = enter_half(request.services, request.token, request.client, request.now)
    except NotLoggedIn:
        if request.is_entered:
            return redirect(request.services, DESK)
        raise
    try:
        request.check_lengths()
        code = request.field("code")
        if not code:
            raise FieldsRefused({"code": ("staff_code_missing",)})
        token = prove_code(request.services, context, code, request.client, request.now)
    except FormRefusal as refusal:
        return show_code_again(request, context, refusal)
    return redirect(request.services, DESK, token.cookie, request.devices_cookie(context.member.email))


def half_entered(request: StaffRequest) -> StaffContext:
    """Find the member whose password was shown, and nothing else yet. Raises `NotLoggedIn`."""
    return enter(request.services, request.token, request.now, "password")


def show_code_again(request: StaffRequest, context: StaffContext, refusal: FormRefusal) -> Response:
    """Show the form again: what was refused, and every way there is."""
    return _page(request, context, feedback_on(refusal, request))


def _page(request: StaffRequest, context: StaffContext, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    return door_page(request, "code", feedback=feedback, staff=context, proof=context.token.form_proof)
