"""GET /extranet/pre-inscription/demande: the steps of an application, then its progress, offers and receipt."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.flows.family.summary import NEWS
from chalicelib.presentation import texts
from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.rendering import environment
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on, file
from chalicelib.wings.admission.domain.paperwork import ApplicationStep, StepKind, next_step
from chalicelib.wings.admission.domain.pools import OfferGone
from chalicelib.wings.admission.domain.progress import CandidateProgress
from chalicelib.wings.admission.flows import application as flow
from chalicelib.wings.admission.flows.draft import StepForm
from chalicelib.wings.admission.flows.entry import ApplicantContext, enter
from chalicelib.wings.admission.flows.offer import decline_offer, take_offer
from chalicelib.wings.admission.web.edge import APPLICANT, OVERVIEW_PAGE, ApplicantRequest, applicant_page, redirect

routes = FormBlueprint(__name__, APPLICANT)


def enter_with_status(request: ApplicantRequest) -> flow.ApplicationStatus:
    """Let in the holder of a proven mailbox, with the status of its application."""
    return flow.application_status(request.services, enter(request))


_WITHDRAWAL: Final = f"{OVERVIEW_PAGE}/retrait"


@routes.get(_WITHDRAWAL, enter_with_status)
def show_form(request: ApplicantRequest, status: flow.ApplicationStatus) -> Response:
    """Show the effects of a withdrawal, and the candidates concerned."""
    if status.context.application.sent is None:
        return redirect(request.services, OVERVIEW_PAGE)
    return _withdrawal_page(request, status)


@routes.post(_WITHDRAWAL, enter_with_status)
def take_form(request: ApplicantRequest, status: flow.ApplicationStatus) -> Response:
    """Withdraw the candidates whose box is ticked."""
    keys = [one.candidate.key for one in status.candidates if request.field(f"retirer-{one.candidate.key}")]
    try:
        flow.withdraw(request, status, keys)
    except FormRefusal as refusal:
        return _withdrawal_page(request, status, feedback_on(refusal, request))
    return redirect(request.services, OVERVIEW_PAGE)


def _withdrawal_page(
    request: ApplicantRequest, status: flow.ApplicationStatus, feedback: FormFeedback = NO_FEEDBACK
) -> Response:
    return applicant_page(
        request, status.context, "withdrawal", feedback=feedback, followed=status, leaving=flow.withdrawable(status)
    )


RECEIPT_PAGE = f"{OVERVIEW_PAGE}/recu"


@routes.get(RECEIPT_PAGE, ApplicantRequest.enter)
def show_receipt(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Show the last receipt. Before there is one, redirect to the steps."""
    view = flow.find(context)
    if view is None:
        return redirect(request.services, OVERVIEW_PAGE)
    is_news = context.now - view.sending.at < NEWS
    return applicant_page(request, context, "receipt", is_news=is_news, **_facts(context, view))


@routes.get(f"{RECEIPT_PAGE}/pdf", ApplicantRequest.enter)
def download_receipt(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Give the receipt as a PDF."""
    view = flow.find(context)
    if view is None:
        return redirect(request.services, OVERVIEW_PAGE)
    facts = {"context": context, "network": context.network, **_facts(context, view)}
    html = environment().get_template("applicant/paper.html").render(facts)
    number, title = view.sending.number, f"Pré-inscription {texts.school_year(view.season)}, reçu {view.sending.number}"
    return file(f"recu-{number}.pdf", "application/pdf", pdf_of(html, title, context.network))


def _facts(context: ApplicantContext, view: flow.ApplicationReceipt) -> dict[str, Any]:
    return {"view": view, "settings": context.network.admission}


_PATHS: Final[Mapping[StepKind, str]] = {
    "guardian": f"{OVERVIEW_PAGE}/responsable",
    "candidate": f"{OVERVIEW_PAGE}/eleves",
    "documents": f"{OVERVIEW_PAGE}/pieces",
    "summary": f"{OVERVIEW_PAGE}/recapitulatif",
}


@routes.get(OVERVIEW_PAGE)
def show_overview(request: ApplicantRequest) -> Response:
    """Show every step, those that are done, and the next one."""
    context = enter(request)
    if context.application.sent is None:
        return step_page(request, context, "overview")
    status = flow.application_status(request.services, context)
    return step_page(request, context, "overview", followed=status, due=flow.documents_due(context))


def path_of(step: ApplicationStep | None) -> str:
    """Find the address of a step. The overview's if no step is awaited."""
    if step is None:
        return OVERVIEW_PAGE
    below = step.key or "nouveau"
    return f"{_PATHS[step.kind]}/{below}" if step.kind == "candidate" else _PATHS[step.kind]


def form_of(request: ApplicantRequest) -> StepForm:
    """Read the fields that every step's form has besides its answers."""
    return StepForm(request.field("vu"), later=bool(request.field("plus_tard")))


def go_on(request: ApplicantRequest, context: ApplicantContext, *, later: bool) -> Response:
    """Go to the next step that is not done, or to the overview, to go on later."""
    step = None if later else next_step(flow.steps_of(context))
    return redirect(request.services, path_of(step))


def step_page(
    request: ApplicantRequest,
    context: ApplicantContext,
    name: str,
    feedback: FormFeedback = NO_FEEDBACK,
    **facts: object,
) -> Response:
    """Render a page of an application, with its steps."""
    steps = flow.steps_of(context) if context.is_open else ()
    return applicant_page(
        request,
        context,
        name,
        feedback=feedback,
        steps=steps,
        awaited=next_step(steps),
        path_of=path_of,
        settings=context.network.admission,
        **facts,
    )


def step_feedback(refusal: FormRefusal, request: ApplicantRequest) -> FormFeedback:
    """Describe why a step was refused, and that nothing is saved."""
    feedback = feedback_on(refusal, request)
    if type(refusal) is not FieldsRefused:
        return feedback
    return replace(feedback, alert=texts.sentence("step_refused"))


_OFFER: Final = f"{OVERVIEW_PAGE}/proposition/{{eleve}}"


@routes.get(_OFFER, enter_with_status)
def show_offer(request: ApplicantRequest, status: flow.ApplicationStatus) -> Response:
    """Show the places offered, until when, and the effects of accepting one."""
    return _offer_page(request, status, _offered_candidate(request, status))


@routes.post(_OFFER, enter_with_status)
def take_answer(request: ApplicantRequest, status: flow.ApplicationStatus) -> Response:
    """Take the place, ask once more before it is declined, or decline it."""
    candidate, name = _offered_candidate(request, status), request.field("proposition")
    action = request.choice("action", "", "accepter", "refuser", "refuser-vraiment")
    if action in {"", "refuser"}:
        return _offer_page(request, status, candidate, declining=name)
    answer = take_offer if action == "accepter" else decline_offer
    try:
        answer(request, status, candidate, name)
    except OfferGone as refusal:
        return _offer_page(request, status, candidate, feedback_on(refusal, request))
    return redirect(request.services, OVERVIEW_PAGE)


def _offered_candidate(request: ApplicantRequest, status: flow.ApplicationStatus) -> CandidateProgress:
    """Find the candidate that the address names. Raises `NotThere` outside this application."""
    progress = status.candidate(request.parts["eleve"])
    if progress is None:
        raise NotThere
    return progress


def _offer_page(
    request: ApplicantRequest,
    status: flow.ApplicationStatus,
    candidate: CandidateProgress,
    feedback: FormFeedback = NO_FEEDBACK,
    declining: str = "",
) -> Response:
    return applicant_page(
        request,
        status.context,
        "offer",
        feedback=feedback,
        followed=status,
        own=candidate,
        offers=() if feedback.alert else candidate.offers,
        declining=declining,
    )
