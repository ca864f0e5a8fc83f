"""GET and POST /extranet/compte/reinscription/foyer: what is asked once for all pupils."""

from chalice.app import Response

from chalicelib.domain.enrolment.answers import HOUSEHOLD_FIELDS, HouseholdAnswers
from chalicelib.domain.refusals import FormRefusal, StepMoved
from chalicelib.flows.family.household_step import save_household
from chalicelib.flows.family.reenrolment import EnrolmentContext, version_of
from chalicelib.web.edge import REENROLMENT_PAGE, FormBlueprint, PageRequest
from chalicelib.web.family.reenrolment import (
    check_fields,
    enter_enrolment,
    go_to_next_step,
    read_fields,
    step_feedback,
    step_page,
    submission_of,
)
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback
from chalicelib.web.versions import version_after

routes = FormBlueprint(__name__)

_PATH = f"{REENROLMENT_PAGE}/foyer"


@routes.get(_PATH)
def show_form(request: PageRequest) -> Response:
    """Show what is on file and what was answered."""
    context = enter_enrolment(request)
    return _form(request, context, NO_FEEDBACK, context.enrolment.household)


@routes.post(_PATH)
def take_form(request: PageRequest) -> Response:
    """Save the answers and go on, or show the form again."""
    context = enter_enrolment(request)
    answers = HouseholdAnswers(**read_fields(request, HOUSEHOLD_FIELDS))
    try:
        context.check_open()
        check_fields(request, HOUSEHOLD_FIELDS)
        after = save_household(request.services, context, answers, submission_of(request), request.client)
    except FormRefusal as refusal:
        return _form(request, context, step_feedback(refusal, request), answers, refusal)
    return go_to_next_step(request, context, after, later=submission_of(request).later)


def _form(
    request: PageRequest,
    context: EnrolmentContext,
    feedback: FormFeedback,
    answers: HouseholdAnswers,
    refusal: FormRefusal | None = None,
) -> Response:
    version = version_of(context.enrolment.household) if refusal is None else version_after(refusal, request)
    return step_page(
        request,
        context,
        "household_step",
        feedback,
        answers=answers,
        form_fields={field.attribute: field for field in HOUSEHOLD_FIELDS},
        moved=refusal if isinstance(refusal, StepMoved) else None,
        version=version,
    )
