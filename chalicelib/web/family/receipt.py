"""GET /extranet/compte/reinscription/recus/{numero}: what was sent, by whom and when; to print, and found next year.

Below it, `/pdf` gives the same to keep, and `/agenda` what is due by the last day.
"""

import hashlib
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from chalice.app import Response

from chalicelib.domain.family.households import first_name
from chalicelib.flows.family.receipt import ReceiptView, find
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.presentation import texts
from chalicelib.presentation.calendar import WholeDay, calendar_of
from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.rendering import environment
from chalicelib.web import responses
from chalicelib.web.edge import REENROLMENT_PAGE, FormBlueprint, PageRequest
from chalicelib.web.family.reenrolment import enter_enrolment, step_page
from chalicelib.web.responses import NO_FEEDBACK

routes = FormBlueprint(__name__)

_PATH = f"{REENROLMENT_PAGE}/recus/{{numero}}"


@routes.get(_PATH)
def show_receipt(request: PageRequest) -> Response:
    """Show a receipt of this season or of the last one."""
    context, view = _enter(request)
    return receipt_page(request, context, view)


@routes.get(f"{_PATH}/pdf")
def download_receipt(request: PageRequest) -> Response:
    """Give the receipt as a PDF."""
    context, view = _enter(request)
    number, visitor = view.receipt.number, context.visitor
    network = request.services.settings.network
    facts = {"view": view, "context": context, "visitor": visitor, "network": network, **_until(context, view)}
    html = environment().get_template("family/receipt/paper.html").render(facts)
    title = f"Reçu {number}, réinscription {texts.school_year(view.season)}"
    return responses.file(f"recu-{number}.pdf", "application/pdf", pdf_of(html, title, network.name))


@routes.get(f"{_PATH}/agenda")
def download_calendar(request: PageRequest) -> Response:
    """Give what is due as a calendar; lead to the receipt once nothing of it may change any more."""
    context, view = _enter(request)
    closes_on = _until(context, view)["closes_on"]
    if not (context.is_open and closes_on):
        return responses.redirect(request.services, receipt_path(view.receipt.number))
    network = request.services.settings.network
    family = hashlib.blake2b(view.first_number.encode(), digest_size=8).hexdigest()
    host, url = urlsplit(network.public_url).hostname, network.url(REENROLMENT_PAGE)
    days = [
        WholeDay(f"{family}-{code}@{host}", closes_on, title, words, url)
        for code, (title, words) in _calendar_words(context, view, closes_on).items()
    ]
    calendar = calendar_of(days, request.now)
    return responses.file(f"agenda-{view.receipt.number}.ics", "text/calendar; charset=utf-8", calendar)


def receipt_page(
    request: PageRequest, context: EnrolmentContext, view: ReceiptView, information: str | None = None
) -> Response:
    """Render a receipt."""
    return step_page(
        request,
        context,
        "receipt",
        NO_FEEDBACK,
        view=view,
        information=information,
        path=receipt_path(view.receipt.number),
        just_sent=view.just_sent(request.now),
        **_until(context, view),
    )


def receipt_path(number: str) -> str:
    """Build the address of a receipt."""
    return _PATH.format(numero=number)


def _enter(request: PageRequest) -> tuple[EnrolmentContext, ReceiptView]:
    context = enter_enrolment(request)
    return context, find(request.services, context, request.parts["numero"])


def _until(context: EnrolmentContext, view: ReceiptView) -> dict[str, Any]:
    """Give the last day of changes to a receipt, and its courses. Neither is known for another season."""
    is_of_now = view.season == context.enrolment.ref.season
    closes_on = context.period.closes_on if context.period and is_of_now else None
    courses = {key: pupil.courses for key, pupil in context.pupils.items()} if is_of_now else {}
    return {"closes_on": closes_on, "may_change": context.is_open and is_of_now, "courses": courses}


def _calendar_words(context: EnrolmentContext, view: ReceiptView, last_day: date) -> dict[str, tuple[str, str]]:
    """Say what is to be done by the last day, and which documents are due: each a title and its words."""
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
    said = {"dernier-jour": texts.LAST_DAY} | ({"pieces": texts.DOCUMENTS_DUE} if due else {})
    return {code: (title.format(**facts), words.format(**facts)) for code, (title, words) in said.items()}
