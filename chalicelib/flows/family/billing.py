"""Bills: the family's invoices and payments, and a link to the PDF of an invoice, valid for five minutes."""

import re
from datetime import timedelta
from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.billing.bills import Bills, Invoice
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.text import fold
from chalicelib.flows.family.reenrolment import EnrolmentContext, enter_page
from chalicelib.flows.family.visit import Visitor, enter_with
from chalicelib.services.family import Services, Visit

LINK_LIFETIME: Final = timedelta(minutes=5)

_UNFIT: Final = re.compile(r"[^a-z0-9]+")  # in a file name, on any system


def enter(visit: Visit[Services], token: Token | None) -> tuple[Visitor, Bills]:
    """Find the visitor of a token and the bills of their family, in two reads. Raises as `visit.enter` does."""
    visitor, (bills,) = enter_with(visit, token, lambda ref: (visit.services.billing.lookup(ref),))
    return visitor, bills


def enter_home(visit: Visit[Services], token: Token | None) -> tuple[EnrolmentContext, Bills]:
    """Find the visitor, their re-enrolment and bills: two reads. Raises as `visit.enter` does."""
    lookup = visit.services.billing.lookup
    context, (bills,) = enter_page(visit, token, lambda ref: (lookup(ref),), page="home")
    return context, bills


def link_to(services: Services, bills: Bills, code: str) -> str:
    """Sign a link to the PDF of one of these invoices. Raises `NotThere` for any other."""
    invoice = bills.by_code(code)
    if invoice is None or not invoice.document:
        raise NotThere
    if services.documents.first_bytes(invoice.document, 1) is None:  # the family would read an error of S3, in English
        raise NotThere
    return services.documents.link(invoice.document, LINK_LIFETIME, file_name(invoice))


def file_name(invoice: Invoice) -> str:
    """Name the downloaded file."""
    kind = "facture" if invoice.cents >= 0 else "avoir"
    return f"{kind}-{_UNFIT.sub('-', fold(invoice.number))}.pdf"
