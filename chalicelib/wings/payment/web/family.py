"""POST /extranet/compte/facturation/paiement and below: pay a bill online, come back from it, and the notification."""

from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.flows.family.visit import Visitor
from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.rendering import environment
from chalicelib.presentation.texts import sentence
from chalicelib.web.family.edge import FAMILY, FamilyRequest, FormBlueprint, family_page
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, file, redirect
from chalicelib.wings.payment.domain.attempts import PaymentRefused
from chalicelib.wings.payment.flows.pay import (
    NOTICE_PATH,
    PAGE,
    STATEMENTS,
    come_back,
    enter,
    enter_payments,
    identifier_from,
    may_leave,
    pay,
    take_notice,
    year_of,
)
from chalicelib.wings.payment.flows.questions import settings_of
from chalicelib.wings.payment.services import PayFip

routes = FormBlueprint(__name__, FAMILY)

_ATTEMPT: Final = f"{PAGE}/{{tentative}}"
_NOTICE: Final = f"{NOTICE_PATH}/{{site}}/{{famille}}/{{tentative}}"


@routes.post(PAGE, FamilyRequest.enter)
def begin(request: FamilyRequest, visitor: Visitor) -> Response:
    """Begin to pay a bill, and show the link to the State's page, or say why it cannot be paid online now."""
    try:
        attempt = pay(request, request.field("facture"))
    except PaymentRefused as refusal:
        feedback = FormFeedback(422, sentence(f"payment_{refusal.reason}"))
        return family_page(request, visitor, "payment", tab="billing", feedback=feedback, attempt=None)
    return redirect(request.services, f"{PAGE}/{attempt.code}")


@routes.get(_ATTEMPT)
def show(request: FamilyRequest) -> Response:
    """Show an attempt: the link to the State's page while it opens, else its end."""
    visitor, attempt = enter(request, request.parts["tentative"])
    payfip = PayFip(settings_of(request.services).address)
    leave = payfip.page(attempt.operation) if may_leave(visitor, attempt, request.now) else ""
    return family_page(
        request, visitor, "payment", tab="billing", feedback=NO_FEEDBACK, attempt=attempt, leave=leave, now=request.now
    )


@routes.get(f"{_ATTEMPT}/retour")
def come(request: FamilyRequest) -> Response:
    """Ask for the result when the payer returns, then show it. The address proves nothing."""
    code = request.parts["tentative"]
    come_back(request, code)
    return redirect(request.services, f"{PAGE}/{code}")


@routes.get(f"{STATEMENTS}/{{annee}}")
def statement(request: FamilyRequest) -> Response:
    """Give the payments of a year as a PDF."""
    visitor, payments = enter_payments(request)
    year = year_of(request.parts["annee"])
    network = request.services.settings.network
    facts = {
        "visitor": visitor,
        "network": network,
        "year": year,
        "attempts": payments.of_year(year),
        "now": request.now,
    }
    html = environment().get_template("family/statement.html").render(facts)
    return file(
        f"paiements-{year}.pdf", "application/pdf", pdf_of(html, f"Relevé des paiements en ligne de {year}", network)
    )


@routes.get(_NOTICE)
@routes.post(_NOTICE)
def notice(request: FamilyRequest) -> Response:
    """Take a notification, which is unsigned: we ask, and never believe it. The answer is always the same."""
    ref = AccountRef(request.parts["site"], identifier_from(request.parts["famille"]))
    if request.services.settings.network.site(ref.site):
        take_notice(request, ref, request.parts["tentative"])
    return Response("", {"Content-Type": "text/plain", "Cache-Control": "no-store"}, 200)
