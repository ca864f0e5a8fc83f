"""Bills: what a family was billed and what it paid, and a link to one of its own PDFs that lives five minutes."""

import re
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.billing.bills import Bills, Invoice
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.text import fold
from chalicelib.flows.family.visit import Visitor, authenticate_with
from chalicelib.services.family import Client, Services

LINK_LIFETIME: Final = timedelta(minutes=5)

_UNFIT: Final = re.compile(r"[^a-z0-9]+")  # for the name of a file, on any system


def enter(services: Services, token: Token | None, client: Client, now: datetime) -> tuple[Visitor, Bills]:
    """Find who shows this token and the bills of that family, in two reads. Raises as `visit` does."""
    visitor, (bills,) = authenticate_with(services, token, client, now, lambda ref: (services.billing.lookup(ref),))
    return visitor, bills


def link_to(services: Services, bills: Bills, code: str) -> str:
    """Sign an address that gives the PDF of one of these invoices. Raises `NotThere` for any other."""
    invoice = bills.by_code(code)
    if invoice is None or not invoice.document:
        raise NotThere
    if (
        services.documents.first_bytes(invoice.document, 1) is None
    ):  # the family would read an error of S3's, in English
        raise NotThere
    return services.documents.link(invoice.document, LINK_LIFETIME, file_name(invoice))


def file_name(invoice: Invoice) -> str:
    """Name the file that a family keeps."""
    kind = "facture" if invoice.cents >= 0 else "avoir"
    return f"{kind}-{_UNFIT.sub('-', fold(invoice.number))}.pdf"
