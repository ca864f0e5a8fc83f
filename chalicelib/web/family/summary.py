"""GET and POST /extranet/compte/reinscription/recapitulatif: everything as text, and the button that sends it."""

from collections.abc import Collection
from dataclasses import replace

from chalice.app import Response

from chalicelib.domain.account.coordinates import speaker
from chalicelib.domain.enrolment.enrolments import FOYER, SavedBy
from chalicelib.domain.enrolment.submissions import MOST_RECEIPTS, sendable
from chalicelib.domain.refusals import FormRefusal, ReceiptsUsedUp, SummaryMoved
from chalicelib.flows.family.receipt import receipt_view
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.flows.family.summary import (
    SubmissionResult,
    SummarySubmission,
    household_is_sendable,
    send,
    summary_version,
)
from chalicelib.presentation import texts
from chalicelib.web import responses
from chalicelib.web.edge import REENROLMENT_PAGE, FormBlueprint, PageRequest
from chalicelib.web.family.receipt import receipt_page, receipt_path
from chalicelib.web.family.reenrolment import enter_enrolment, step_feedback, step_page
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = FormBlueprint(__name__)

_PATH = f"{REENROLMENT_PAGE}/recapitulatif"


@routes.get(_PATH)
def show_summary(request: PageRequest) -> Response:
    """Show all that was answered, what lacks, and what may be sent."""
    context = enter_enrolment(request)
    return _page(request, context, NO_FEEDBACK, context.pupils)


@routes.post(_PATH)
def take_form(request: PageRequest) -> Response:
    """Send, and lead to the receipt; or to that of who sent the same before; or show the summary again."""
    context = enter_enrolment(request)
    keys = tuple(key for key in (*context.pupils, FOYER) if request.field(f"envoyer-{key}"))
    try:
        request.check_lengths()
        outcome = send(
            request.services,
            context,
            SummarySubmission(keys, request.field("par"), request.field("vu")),
            request.client,
        )
    except FormRefusal as refusal:
        ticked = context.pupils if isinstance(refusal, SummaryMoved) else keys
        current = context_after(refusal, context)
        feedback = sending_feedback(refusal, request, current, current.enrolment.last_saved)
        return _page(request, current, feedback, ticked)
    return receipt_answer(request, context, outcome)


def receipt_answer(request: PageRequest, context: EnrolmentContext, outcome: SubmissionResult) -> Response:
    """Lead to the receipt of what was sent; or show that of what was sent before."""
    receipt = outcome.receipt
    if outcome.is_new:
        return responses.redirect(request.services, receipt_path(receipt.number))
    information = texts.sentence("already_sent", who=receipt.by, when=texts.day_and_hour(receipt.at))
    current = replace(context, enrolment=outcome.enrolment)
    return receipt_page(request, current, receipt_view(request.services, outcome.enrolment, receipt), information)


def context_after(refusal: FormRefusal, context: EnrolmentContext) -> EnrolmentContext:
    """Show the re-enrolment as it stands, where it moved."""
    return replace(context, enrolment=refusal.enrolment) if isinstance(refusal, SummaryMoved) else context


def sending_feedback(
    refusal: FormRefusal,
    request: PageRequest,
    context: EnrolmentContext,
    last: SavedBy | None,
    *,
    is_compared: bool = False,
) -> FormFeedback:
    """Describe why nothing was sent, with the author and hour of the last change, and the office to call.

    `is_compared`: the page shows the form's answers beside the others.
    """
    if isinstance(refusal, SummaryMoved):
        is_sent = any(step.kind == "summary" and step.is_done for step in context.steps(request.services))
        is_own = last is not None and last.by == speaker(context.visitor.account, request.field("par"))
        then = "moved_choose" if is_compared else "moved_look" if is_sent else "moved_send"
        return _moved_feedback("summary_moved_by_you" if is_own else refusal.code, last, then)
    if isinstance(refusal, ReceiptsUsedUp):
        return _used_up_feedback(refusal, context)
    return step_feedback(refusal, request)


def _page(request: PageRequest, context: EnrolmentContext, feedback: FormFeedback, ticked: Collection[str]) -> Response:
    return step_page(
        request,
        context,
        "summary",
        feedback,
        documents=context.required_documents(request.services),
        awaited_documents=context.awaited_documents(request.services),
        files=[context.enrolment.file_of(key, pupil.name) for key, pupil in context.pupils.items()],
        sendable=sendable(context.enrolment, context.pupils),
        household_is_sendable=household_is_sendable(context),
        ticked=ticked,
        version=summary_version(context),
    )


def _used_up_feedback(refusal: ReceiptsUsedUp, context: EnrolmentContext) -> FormFeedback:
    telephone = context.visitor.site.contact.telephone
    return FormFeedback(422, texts.sentence(refusal.code, most=MOST_RECEIPTS, telephone=telephone))


def _moved_feedback(code: str, last: SavedBy | None, then: str) -> FormFeedback:
    who = last.by if last else "quelqu'un d'autre"
    when = f"le {texts.day_and_hour(last.at)}" if last else "entre-temps"
    return FormFeedback(422, f"{texts.sentence(code, who=who, when=when)} {texts.sentence(then)}")
