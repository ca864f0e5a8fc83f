"""Bills: the family's invoices and payments, and a link to the PDF of an invoice, valid for five minutes."""

import re
from datetime import timedelta
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.text import fold
from chalicelib.flows.family.visit import HomePart, Visitor, enter_with
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Services, Visit
from chalicelib.wings.billing.domain.bills import Bills, Invoice
from chalicelib.wings.billing.stores import Billing

LINK_LIFETIME: Final = timedelta(minutes=5)

_UNFIT: Final = re.compile(r"[^a-z0-9]+")  # in a file name, on any system


def enter(visit: Visit[Services]) -> tuple[Visitor, Bills]:
    """Find the visitor of a token and the bills of their family, in two reads. Raises as `visit.enter` does."""
    visitor, (bills,) = enter_with(visit, lambda ref: (_look_up(visit.services, ref),))
    return visitor, bills


def _look_up(services: Services, ref: AccountRef) -> Lookup[Bills]:
    return services.store(Billing).lookup(ref)


HOME_PART: Final = HomePart("bills", _look_up)


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
