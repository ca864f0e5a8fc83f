"""GET /extranet/pre-inscription/demande/recu: what was sent, under which number; to print. Below it, `/pdf` to keep."""

from typing import Any

from chalice.app import Response

from chalicelib.flows.applicant.entry import ApplicantContext
from chalicelib.flows.applicant.receipt import find
from chalicelib.flows.applicant.terms import ReceiptView
from chalicelib.flows.family.receipt import NEWS
from chalicelib.presentation import texts
from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.rendering import environment
from chalicelib.web import responses
from chalicelib.web.applicant.edge import OVERVIEW_PAGE, ApplicantBlueprint, ApplicantRequest, applicant_page, redirect

routes = ApplicantBlueprint(__name__)

RECEIPT_PAGE = f"{OVERVIEW_PAGE}/recu"


@routes.get(RECEIPT_PAGE)
def show_receipt(request: ApplicantRequest) -> Response:
    """Show the receipt of what was sent last; lead to the steps where nothing was."""
    context = request.enter()
    view = find(context)
    if view is None:
        return redirect(request.services, OVERVIEW_PAGE)
    is_news = context.now - view.sent.at < NEWS
    return applicant_page(request, context, "receipt", is_news=is_news, **_facts(context, view))


@routes.get(f"{RECEIPT_PAGE}/pdf")
def download_receipt(request: ApplicantRequest) -> Response:
    """Give the receipt as a PDF."""
    context = request.enter()
    view = find(context)
    if view is None:
        return redirect(request.services, OVERVIEW_PAGE)
    facts = {"context": context, "network": context.network, **_facts(context, view)}
    html = environment().get_template("applicant/paper.html").render(facts)
    number, title = view.sent.number, f"Pré-inscription {texts.school_year(view.season)}, reçu {view.sent.number}"
    return responses.file(f"recu-{number}.pdf", "application/pdf", pdf_of(html, title, context.network.name))


def _facts(context: ApplicantContext, view: ReceiptView) -> dict[str, Any]:
    return {"view": view, "settings": context.network.admission}
