"""GET /extranet/compte/facturation: the bills of a family; and the way to the PDF of one of them."""

from chalice.app import Response

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.flows.billing import enter, link_to
from chalicelib.routes import answers
from chalicelib.routes.edge import HOME_PAGE, Door, Visit

routes = Door(__name__)

_PATH = f"{HOME_PAGE}/facturation"


@routes.get(_PATH)
def show_bills(visit: Visit) -> Response:
    """Show invoices, payments and what is left to pay."""
    visitor, bills = enter(visit.services, visit.token, visit.client, visit.now)
    today = visit.now.astimezone(PARIS).date()
    return answers.account_page(visit.services, visitor, "billing", tab="billing", bills=bills, today=today)


@routes.get(f"{_PATH}/{{facture}}")
def open_invoice(visit: Visit) -> Response:
    """Lead to the PDF of an invoice of this family, for five minutes."""
    _, bills = enter(visit.services, visit.token, visit.client, visit.now)
    return answers.redirect(visit.services, link_to(visit.services, bills, visit.parts["facture"]))
