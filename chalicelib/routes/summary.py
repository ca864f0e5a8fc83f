"""GET and POST /extranet/compte/reinscription/recapitulatif: everything as text, and the button that sends it."""

from collections.abc import Collection
from dataclasses import replace

from chalice.app import Response

from chalicelib import texts
from chalicelib.domain.enrolment.enrolments import FOYER
from chalicelib.domain.enrolment.submissions import MOST_RECEIPTS, sendable
from chalicelib.domain.refusals import FormRefusal, ReceiptsUsedUp, SummaryMoved
from chalicelib.flows.receipt import receipt_view
from chalicelib.flows.reenrolment import EnrolmentContext
from chalicelib.flows.summary import SummarySubmission, household_is_sendable, send, summary_version
from chalicelib.routes import responses
from chalicelib.routes.edge import REENROLMENT_PAGE, FormBlueprint, PageRequest
from chalicelib.routes.receipt import receipt_page, receipt_path
from chalicelib.routes.reenrolment import enter_enrolment, step_feedback, step_page
from chalicelib.routes.responses import NO_FEEDBACK, FormFeedback

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
    except SummaryMoved as moved:
        return _page(request, replace(context, enrolment=moved.enrolment), _moved_feedback(moved), context.pupils)
    except ReceiptsUsedUp as refusal:
        return _page(request, context, _used_up_feedback(refusal, context), keys)
    except FormRefusal as refusal:
        return _page(request, context, step_feedback(refusal, request), keys)
    receipt = outcome.receipt
    if outcome.is_new:
        return responses.redirect(request.services, receipt_path(receipt.number))
    information = texts.sentence("already_sent", who=receipt.by, when=texts.day_and_hour(receipt.at))
    current = replace(context, enrolment=outcome.enrolment)
    return receipt_page(request, current, receipt_view(request.services, outcome.enrolment, receipt), information)


def _page(request: PageRequest, context: EnrolmentContext, feedback: FormFeedback, ticked: Collection[str]) -> Response:
    return step_page(
        request,
        context,
        "summary",
        feedback,
        documents=context.required_documents(request.services),
        files=[context.enrolment.file_of(key, pupil.name) for key, pupil in context.pupils.items()],
        sendable=sendable(context.enrolment, context.pupils),
        household_is_sendable=household_is_sendable(context),
        ticked=ticked,
        version=summary_version(context),
    )


def _used_up_feedback(refusal: ReceiptsUsedUp, context: EnrolmentContext) -> FormFeedback:
    telephone = context.visitor.site.contact.telephone
    return FormFeedback(422, texts.sentence(refusal.code, most=MOST_RECEIPTS, telephone=telephone))


def _moved_feedback(moved: SummaryMoved) -> FormFeedback:
    saved = moved.enrolment.last_saved
    who = saved.by if saved else "quelqu'un d'autre"
    when = f"le {texts.day_and_hour(saved.at)}" if saved else "entre-temps"
    return FormFeedback(422, texts.sentence(moved.code, who=who, when=when))
