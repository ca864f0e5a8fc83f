"""GET and POST /extranet/compte/reinscription/foyer: what is asked once for all pupils."""

from chalice.app import Response

from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.family.telephones import error_in, telephone_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.household_step import save_household
from chalicelib.flows.reenrolment import EnrolmentContext, version_of
from chalicelib.routes.edge import REENROLMENT_PAGE, FormBlueprint, PageRequest
from chalicelib.routes.reenrolment import enter_enrolment, go_to_next_step, step_feedback, step_page, submission_of
from chalicelib.routes.responses import NO_FEEDBACK, FormFeedback
from chalicelib.routes.versions import version_after

routes = FormBlueprint(__name__)

_PATH = f"{REENROLMENT_PAGE}/foyer"
_YES_OR_NO = {"oui": True, "non": False}


@routes.get(_PATH)
def show_form(request: PageRequest) -> Response:
    """Show what is on file and what was answered."""
    context = enter_enrolment(request)
    return _form(request, context, NO_FEEDBACK, context.enrolment.household)


@routes.post(_PATH)
def take_form(request: PageRequest) -> Response:
    """Save the answers and go on, or show the form again."""
    context = enter_enrolment(request)
    answers = _answers(request)
    try:
        context.check_open()
        _check(request)
        after = save_household(request.services, context, answers, submission_of(request), request.client)
    except FormRefusal as refusal:
        return _form(request, context, step_feedback(refusal, request), answers, refusal)
    return go_to_next_step(request, context, after, later=submission_of(request).later)


def _answers(request: PageRequest) -> HouseholdAnswers:
    telephone = request.field("urgence_telephone")
    return HouseholdAnswers(
        coordinates_exact=bool(request.field("coordonnees")),
        payer=request.field("payeur"),
        image_rights=_YES_OR_NO.get(request.field("image")),
        emergency_name=request.field("urgence_nom"),
        emergency_telephone=telephone_from(telephone) or telephone,
        rules_accepted=bool(request.field("reglement")),
    )


def _check(request: PageRequest) -> None:
    request.check_lengths()
    if code := error_in(request.field("urgence_telephone")):
        raise FieldsRefused({"urgence_telephone": (code,)})


def _form(
    request: PageRequest,
    context: EnrolmentContext,
    feedback: FormFeedback,
    answers: HouseholdAnswers,
    refusal: FormRefusal | None = None,
) -> Response:
    version = version_of(context.enrolment.household) if refusal is None else version_after(refusal, request)
    return step_page(request, context, "household_step", feedback, answers=answers, version=version)
