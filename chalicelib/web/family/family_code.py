"""GET and POST /extranet/compte/famille/e-mail/code: the code that proves a new address."""

from chalice.app import Response

from chalicelib.domain.refusals import CodeGone, CoordinatesMoved, FormRefusal
from chalicelib.flows.family.family import AuthenticatedRequest
from chalicelib.flows.family.family_code import check_allowed, prove
from chalicelib.flows.family.visit import Visitor
from chalicelib.web import responses
from chalicelib.web.edge import CODE_PAGE, FAMILY_PAGE, FormBlueprint, PageRequest
from chalicelib.web.family.family_email import email_page
from chalicelib.web.family.reenrolment import step_feedback
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = FormBlueprint(__name__)


@routes.get(CODE_PAGE)
def show_form(request: PageRequest) -> Response:
    """Show which address waits for its code."""
    check_allowed(request.services)
    return _form(request, request.authenticate(), NO_FEEDBACK)


@routes.post(CODE_PAGE)
def take_form(request: PageRequest) -> Response:
    """Let the address count, or show the form again; where the addresses changed meanwhile, the one before."""
    visitor = request.authenticate()
    authenticated = AuthenticatedRequest(visitor, request.client, request.now)
    try:
        request.check_lengths()
        token = prove(request.services, authenticated, request.field("code"), request.field("vu"))
    except CoordinatesMoved as refusal:
        return email_page(request, visitor, step_feedback(refusal, request), refusal)
    except FormRefusal as refusal:
        gone = request.field("vu") if isinstance(refusal, CodeGone) else ""
        return _form(request, visitor, step_feedback(refusal, request), gone)
    return responses.redirect(request.services, FAMILY_PAGE, token=token)


def _form(request: PageRequest, visitor: Visitor, feedback: FormFeedback, gone: str = "") -> Response:
    pending_email = visitor.account.pending_email
    is_open = pending_email is not None and pending_email.is_open(request.now) and pending_email.name != gone
    return responses.account_page(
        request.services,
        visitor,
        "family_code",
        tab="family",
        feedback=feedback,
        pending_email=pending_email if is_open else None,
    )
