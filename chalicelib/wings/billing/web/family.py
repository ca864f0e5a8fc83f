"""GET /extranet/compte/facturation: the bills of a family, and the link to the PDF of each."""

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.web.family.edge import FAMILY, HOME_PAGE, FamilyRequest, FormBlueprint, family_page
from chalicelib.web.responses import Response, redirect
from chalicelib.wings.billing.flows import enter, link_to

routes = FormBlueprint(__name__, FAMILY)

_PATH = f"{HOME_PAGE}/facturation"


@routes.get(_PATH)
def show_bills(request: FamilyRequest) -> Response:
    """Show invoices, payments and the balance."""
    visitor, page = enter(request)
    today = request.now.astimezone(PARIS).date()
    return family_page(request, visitor, "billing", tab="billing", bills=page.bills, parts=page.parts, today=today)


@routes.get(f"{_PATH}/{{facture}}")
def open_invoice(request: FamilyRequest) -> Response:
    """Redirect to the PDF of an invoice of this family, by a link valid for five minutes."""
    _, page = enter(request)
    return redirect(request.services, link_to(request.services, page.bills, request.parts["facture"]))
