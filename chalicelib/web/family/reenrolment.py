"""GET /extranet/compte/reinscription: the steps of the re-enrolment, those done, and the next one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from chalicelib.domain.enrolment.answers import FormField
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.paperwork import EnrolmentStep, StepKind, next_step
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, StepMoved
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission, enter
from chalicelib.flows.family.unchanged import may_send_unchanged, propose
from chalicelib.presentation import texts
from chalicelib.presentation.announcement import announcement_for
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.family.edge import FAMILY, REENROLMENT_PAGE, FamilyRequest, family_page
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on, redirect

routes = FormBlueprint(__name__, FAMILY)

_PATHS: Final[Mapping[StepKind, str]] = {
    "household": "foyer",
    "pupil": "eleves",
    "documents": "pieces",
    "summary": "recapitulatif",
}


def enter_enrolment(request: FamilyRequest) -> EnrolmentContext:
    """Let in a logged-in visitor, to the re-enrolment. A member of the office is in already."""
    if request.counter:
        context: EnrolmentContext = request.counter.context
        return context
    context = enter(request, request.speaker_of)
    request.check_account(context.visitor)
    return context


@routes.get(REENROLMENT_PAGE, enter_enrolment)
def overview(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Show every step, those that are done, and the next one."""
    awaited_documents = context.awaited_documents(request.services)
    return step_page(request, context, "reenrolment", NO_FEEDBACK, awaited_documents=awaited_documents)


def submission_of(request: FamilyRequest) -> StepSubmission:
    """Read the fields that every step's form has besides its answers."""
    return StepSubmission(by=request.field("par"), version=request.field("vu"), later=bool(request.field("plus_tard")))


def read_fields(request: FamilyRequest, fields: Iterable[FormField]) -> dict[str, Any]:
    """Read the fields of a step, each value under the attribute that it fills in."""
    return {field.attribute: field.read(request.field(field.name)) for field in fields}


def check_fields(request: FamilyRequest, fields: Iterable[FormField]) -> None:
    """Refuse fields that are too long, then malformed ones. Raises `FieldsRefused`."""
    request.check_lengths()
    errors = {field.name: field.error_in(request.field(field.name)) for field in fields}
    if wrong := {name: (code,) for name, code in errors.items() if code}:
        raise FieldsRefused(wrong)


def path_of(request: FamilyRequest, step: EnrolmentStep | None) -> str:
    """Find the address of a step. The page before them if no step is awaited."""
    return "/".join(filter(None, (request.pages, _PATHS[step.kind], step.key))) if step else request.start


def go_to_next_step(request: FamilyRequest, context: EnrolmentContext, after: Enrolment, *, later: bool) -> Response:
    """Go to the next step that is not done, to the overview to go on later, or back after a single change."""
    current = replace(context, enrolment=after)
    step = next_step(current.steps(request.services))
    if _goes_back(request) and propose(current).along:
        return redirect(request.services, f"{request.pages}/rien-ne-change")
    return redirect(request.services, request.start if later else path_of(request, step))


def _goes_back(request: FamilyRequest) -> bool:
    """Whether a step was opened for a single change, from the page that sends all else unchanged."""
    return bool(request.field("retour")) or request.came_from == f"{request.pages}/rien-ne-change"


def step_page(
    request: FamilyRequest,
    context: EnrolmentContext,
    name: str,
    feedback: FormFeedback,
    tab: str = "reenrolment",
    **facts: object,
) -> Response:
    """Render a page of the re-enrolment, with its steps and its period."""
    steps, show = context.steps(request.services), request.counter.show if request.counter else family_page
    return show(
        request,
        context.visitor,
        name,
        tab=tab,
        feedback=feedback,
        context=context,
        enrolment_settings=request.services.settings.network.enrolment,
        period=announcement_for(request.services.settings.network, context.period, request.now),
        season_title=texts.season_title(context.period),
        steps=steps,
        awaited=next_step(steps),
        path_of=partial(path_of, request),
        pages=request.pages,
        start=request.start,
        frame="office/counter_frame.html" if request.counter else "family/account.html",
        for_family=request.counter is not None,
        may_send_unchanged=may_send_unchanged(context),
        goes_back=_goes_back(request),
        **facts,
    )


def step_feedback(refusal: FormRefusal, request: FamilyRequest) -> FormFeedback:
    """Describe why a step was refused, and that nothing is saved. A concurrent author is named, with the hour."""
    if isinstance(refusal, StepMoved):
        author = refusal.saved.by if refusal.saved else "quelqu'un d'autre"
        when = f"le {texts.day_and_hour(refusal.saved.at)}" if refusal.saved else "entre-temps"
        code = "step_moved_by_you" if refusal.is_own and not request.counter else refusal.code
        return FormFeedback(422, texts.sentence(code, who=author, when=when), refusal=refusal)
    feedback = feedback_on(refusal, request)
    return replace(feedback, alert=texts.sentence("step_refused")) if type(refusal) is FieldsRefused else feedback
