"""GET and POST /extranet/compte/mot-de-passe: change the password (guide 2.6 and 2.7)."""

from chalicelib.domain.account.passwords import canonical, trim
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.family.change_password import PasswordChange, change_password, repeat
from chalicelib.flows.family.visit import PasswordReplaced
from chalicelib.web.family.edge import CHANGE_PAGE, FAMILY, FamilyRequest, FormBlueprint, Visitor, family_page
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, confirmation, feedback_on

routes = FormBlueprint(__name__, FAMILY)


@routes.get(CHANGE_PAGE)
def show_form(request: FamilyRequest) -> Response:
    """Show the form, and « Information » when the password was just changed."""
    return _form(request, request.enter("change_password"), NO_FEEDBACK)


@routes.post(CHANGE_PAGE)
def take_form(request: FamilyRequest) -> Response:
    """Change the password and come back with « Information », or show the form again."""
    request.check_form_proof()
    change = PasswordChange(
        current=trim(request.field("actuel")),
        new=canonical(request.field("nouveau")),
        confirmation=canonical(request.field("confirmation")),
    )
    try:
        visitor = request.enter("change_password")
        account = visitor.login.ref
        request.check_lengths()
        token = change_password(request, visitor, change)
    except PasswordReplaced as replacement:
        account = replacement.account
        token = repeat(request, account, change)
    except FormRefusal as refusal:
        return _form(request, visitor, feedback_on(refusal, request))
    return FAMILY.redirect(request.services, CHANGE_PAGE, token.cookie, request.devices_cookie(account))


def _form(request: FamilyRequest, visitor: Visitor, feedback: FormFeedback) -> Response:
    if feedback is NO_FEEDBACK and visitor.session.just_changed(request.now):
        feedback = confirmation("password_changed")
    return family_page(request, visitor, "change_password", tab="password", feedback=feedback)
