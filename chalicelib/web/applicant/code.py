"""GET and POST /extranet/pre-inscription/code: the code that was mailed opens the request."""

from chalice.app import Response

from chalicelib.domain.admission.email_codes import Question
from chalicelib.domain.admission.refusals import CodeUsedUp
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.applicant.code import prove, question_of
from chalicelib.web import responses
from chalicelib.web.applicant.edge import (
    CODE_PAGE,
    OVERVIEW_PAGE,
    START_PAGE,
    ApplicantBlueprint,
    ApplicantRequest,
    redirect,
    site_named,
)
from chalicelib.web.feedback import feedback_on
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = ApplicantBlueprint(__name__)


@routes.get(CODE_PAGE)
def show_form(request: ApplicantRequest) -> Response:
    """Show where the code went."""
    question = question_of(request.services, request.cookie)
    return _form(request, question) if question else _lead_on(request)


@routes.post(CODE_PAGE)
def take_code(request: ApplicantRequest) -> Response:
    """Open the request, or show the form again."""
    question = question_of(request.services, request.cookie)
    if question is None:
        return _lead_on(request)
    try:
        request.check_lengths()
        token = prove(request.services, question, request.field("code"), request.client, request.now)
    except CodeUsedUp as refusal:
        return _form(request, question, feedback_on(refusal, request), is_over=True)
    except FormRefusal as refusal:
        return _form(request, question, feedback_on(refusal, request))
    return redirect(request.services, OVERVIEW_PAGE, token.cookie)


def _lead_on(request: ApplicantRequest) -> Response:
    """Lead whoever is in already to its request, anybody else to the start."""
    return redirect(request.services, OVERVIEW_PAGE if request.token else START_PAGE)


def _form(
    request: ApplicantRequest, question: Question, feedback: FormFeedback = NO_FEEDBACK, *, is_over: bool = False
) -> Response:
    is_over = is_over or request.now >= question.expires_at
    return responses.page(
        request.services,
        "applicant/code",
        feedback=feedback,
        question=question,
        is_over=is_over,
        site=site_named(request, request.field("site")),
    )
