"""GET and POST /extranet/compte/reinscription/recapitulatif: everything as text, and the button that sends it."""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.account.coordinates import speaker
from chalicelib.domain.dossiers.documents import FOYER, RequiredDocument, SavedBy
from chalicelib.domain.enrolment.submissions import MOST_RECEIPTS, ReceiptsUsedUp, sendable
from chalicelib.domain.family.households import first_name
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.family import summary as flow
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.flows.family.summary import SummaryMoved
from chalicelib.presentation import texts
from chalicelib.presentation.calendar import WholeDay, calendar_of
from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.rendering import environment
from chalicelib.web.family.edge import FAMILY, REENROLMENT_PAGE, FamilyRequest, FormBlueprint
from chalicelib.web.family.reenrolment import enter_enrolment, step_feedback, step_page
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, file, redirect

routes = FormBlueprint(__name__, FAMILY)

_RECEIPT_PATH = f"{REENROLMENT_PAGE}/recus/{{numero}}"


@routes.get(_RECEIPT_PATH)
def show_receipt(request: FamilyRequest) -> Response:
    """Show a receipt of this season or of the last one."""
    context, view = _enter(request)
    return receipt_page(request, context, view)


@routes.get(f"{_RECEIPT_PATH}/pdf")
def download_receipt(request: FamilyRequest) -> Response:
    """Give the receipt as a PDF."""
    context, view = _enter(request)
    number, visitor = view.receipt.number, context.visitor
    network = request.services.settings.network
    facts = {"view": view, "context": context, "visitor": visitor, "network": network, "pages": request.pages}
    facts |= _until(context, view)
    html = environment().get_template("family/receipt/paper.html").render(facts)
    title = f"Reçu {number}, réinscription {texts.school_year(view.season)}"
    return file(f"recu-{number}.pdf", "application/pdf", pdf_of(html, title, network))


@routes.get(f"{_RECEIPT_PATH}/agenda")
def download_calendar(request: FamilyRequest) -> Response:
    """Give the due dates of a receipt as a calendar. Once nothing of it may change, redirect to the receipt."""
    context, view = _enter(request)
    closes_on = _until(context, view)["closes_on"]
    if not (context.is_open and closes_on):
        return redirect(request.services, receipt_path(request, view.receipt.number))
    network = request.services.settings.network
    family = hashlib.blake2b(view.first_number.encode(), digest_size=8).hexdigest()
    host, url = urlsplit(network.public_url).hostname, network.url(REENROLMENT_PAGE)
    days = [
        WholeDay(f"{family}-{code}@{host}", closes_on, title, words, url)
        for code, (title, words) in _calendar_words(context, view, closes_on).items()
    ]
    calendar = calendar_of(days, request.now)
    return file(f"agenda-{view.receipt.number}.ics", "text/calendar; charset=utf-8", calendar)


def receipt_page(
    request: FamilyRequest, context: EnrolmentContext, view: flow.EnrolmentReceipt, feedback: FormFeedback = NO_FEEDBACK
) -> Response:
    """Render a receipt."""
    return step_page(
        request,
        context,
        "receipt",
        feedback,
        view=view,
        path=receipt_path(request, view.receipt.number),
        just_sent=view.just_sent(request.now),
        **_until(context, view),
    )


def receipt_path(request: FamilyRequest, number: str) -> str:
    """Build the address of a receipt."""
    return f"{request.pages}/recus/{number}"


def _enter(request: FamilyRequest) -> tuple[EnrolmentContext, flow.EnrolmentReceipt]:
    context = enter_enrolment(request)
    return context, flow.find(request.services, context, request.parts["numero"])


def _until(context: EnrolmentContext, view: flow.EnrolmentReceipt) -> dict[str, Any]:
    """Give the last day of changes to a receipt, and its courses. Neither is known for another season."""
    is_of_now = view.season == context.enrolment.ref.season
    closes_on = context.period.closes_on if context.period and is_of_now else None
    courses = {key: pupil.courses for key, pupil in context.pupils.items()} if is_of_now else {}
    return {"closes_on": closes_on, "may_change": context.is_open and is_of_now, "courses": courses}


def _calendar_words(
    context: EnrolmentContext, view: flow.EnrolmentReceipt, last_day: date
) -> dict[str, tuple[str, str]]:
    """Write the last day and the documents due, each as a title and a text."""
    site = context.visitor.site
    due = [
        f"- {paper.title} ({first_name(paper.owner)})" if paper.owner else f"- {paper.title}"
        for paper in view.papers
        if paper.is_due
    ]
    facts = {
        "school_year": texts.school_year(view.season),
        "day": texts.day(last_day),
        "site": site.name,
        "telephone": site.contact.telephone,
        "documents": "\n".join(due),
    }
    entries = {"dernier-jour": texts.LAST_DAY} | ({"pieces": texts.DOCUMENTS_DUE} if due else {})
    return {code: (title.format(**facts), words.format(**facts)) for code, (title, words) in entries.items()}


_PATH = f"{REENROLMENT_PAGE}/recapitulatif"


@routes.get(_PATH, enter_enrolment)
def show_summary(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Show all answers, the missing ones, and those that may be sent."""
    return _page(request, context, NO_FEEDBACK, context.pupils)


@routes.post(_PATH, enter_enrolment)
def take_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Send, and go to the receipt, also of the same answers sent before. If refused, show the summary again."""
    keys = tuple(key for key in (*context.pupils, FOYER) if request.field(f"envoyer-{key}"))
    try:
        request.check_lengths()
        paper = request.counter.paper() if request.counter else None
        form = flow.SummarySubmission(
            keys, request.field("par"), request.field("vu"), paper, _handed_in(request, context)
        )
        outcome = flow.send(request, context, form)
    except FormRefusal as refusal:
        ticks = context.pupils if isinstance(refusal, SummaryMoved) else keys
        current = context_after(refusal, context)
        feedback = sending_feedback(refusal, request, current, current.enrolment.last_saved)
        return _page(request, current, feedback, ticks)
    return receipt_answer(request, context, outcome)


def receipt_answer(request: FamilyRequest, context: EnrolmentContext, outcome: flow.SubmissionResult) -> Response:
    """Redirect to the new receipt, or show the one of the same answers sent before."""
    receipt = outcome.receipt
    if outcome.is_new:
        return redirect(request.services, receipt_path(request, receipt.number))
    information = texts.sentence("already_sent", who=receipt.by, when=texts.day_and_hour(receipt.at))
    current = replace(context, enrolment=outcome.enrolment)
    view = flow.receipt_view(request.services, outcome.enrolment, receipt)
    return receipt_page(request, current, view, FormFeedback(information=information))


def context_after(refusal: FormRefusal, context: EnrolmentContext) -> EnrolmentContext:
    """Replace a re-enrolment that changed concurrently with the stored one."""
    return replace(context, enrolment=refusal.enrolment) if isinstance(refusal, SummaryMoved) else context


def sending_feedback(
    refusal: FormRefusal,
    request: FamilyRequest,
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
        by = "" if request.counter else speaker(context.visitor.account, request.field("par"))
        is_own = last is not None and last.by == by
        then = "moved_choose" if is_compared else "moved_look" if is_sent else "moved_send"
        return _moved_feedback("summary_moved_by_you" if is_own else refusal.code, last, then)
    if isinstance(refusal, ReceiptsUsedUp):
        return _used_up_feedback(refusal, context)
    return step_feedback(refusal, request)


def _handed_in(request: FamilyRequest, context: EnrolmentContext) -> tuple[RequiredDocument, ...]:
    """List the documents ticked at the counter."""
    documents = context.required_documents(request.services) if request.counter else ()
    return tuple(one for one in documents if request.field(f"remise-{one.rule.code}-{one.owner}"))


def _page(
    request: FamilyRequest, context: EnrolmentContext, feedback: FormFeedback, ticks: Collection[str]
) -> Response:
    return step_page(
        request,
        context,
        "summary",
        feedback,
        documents=context.required_documents(request.services),
        awaited_documents=context.awaited_documents(request.services),
        files=[context.enrolment.file_of(key, pupil.name) for key, pupil in context.pupils.items()],
        sendable=sendable(context.enrolment, context.pupils),
        household_is_sendable=flow.household_is_sendable(context),
        ticked=ticks,
        handed_in=_handed_in(request, context),
        version=flow.summary_version(context),
    )


def _used_up_feedback(refusal: ReceiptsUsedUp, context: EnrolmentContext) -> FormFeedback:
    telephone = context.visitor.site.contact.telephone
    return FormFeedback(422, texts.sentence(refusal.code, most=MOST_RECEIPTS, telephone=telephone))


def _moved_feedback(code: str, last: SavedBy | None, then: str) -> FormFeedback:
    author = last.by if last else "quelqu'un d'autre"
    when = f"le {texts.day_and_hour(last.at)}" if last else "entre-temps"
    return FormFeedback(422, f"{texts.sentence(code, who=author, when=when)} {texts.sentence(then)}")
