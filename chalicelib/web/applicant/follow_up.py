"""GET and POST /extranet/pre-inscription/suivi: « Où en est ma demande », by the number of its receipt."""

from chalice.app import Response

from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.applicant.follow_up import ask_where_it_stands
from chalicelib.web import responses
from chalicelib.web.applicant.edge import CODE_PAGE, FOLLOW_UP_PAGE, ApplicantBlueprint, ApplicantRequest, redirect
from chalicelib.web.feedback import feedback_on
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = ApplicantBlueprint(__name__)


@routes.get(FOLLOW_UP_PAGE)
def show_form(request: ApplicantRequest) -> Response:
    """Ask for the number."""
    return _form(request)


@routes.post(FOLLOW_UP_PAGE)
def take_number(request: ApplicantRequest) -> Response:
    """Have a code mailed to the address of that request and ask for it; the same for every number."""
    try:
        request.check_lengths()
        question = ask_where_it_stands(request.services, request.field("numero"), request.client, request.now)
    except FormRefusal as refusal:
        return _form(request, feedback_on(refusal, request))
    return redirect(request.services, CODE_PAGE, question)


def _form(request: ApplicantRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    typed = {"numero": request.field("numero")}
    return responses.page(request.services, "applicant/follow_up", feedback=feedback, typed=typed)
