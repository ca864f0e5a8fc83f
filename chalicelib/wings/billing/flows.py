"""Bills: the family's invoices and payments, and a link to the PDF of an invoice, valid for five minutes."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.text import fold
from chalicelib.flows.family.visit import HomePart, Visitor, enter_with
from chalicelib.services.dues import DuesPart
from chalicelib.services.family import Services, Visit
from chalicelib.values import frozen
from chalicelib.wings.billing.domain.bills import Bills, Invoice
from chalicelib.wings.billing.services import cents_awaited, look_up, lookups, online_facts, with_online

LINK_LIFETIME: Final = timedelta(minutes=5)

_UNFIT: Final = re.compile(r"[^a-z0-9]+")  # in a file name, on any system


@frozen
class BillsPage:
    """The bills of a family with its payments online, and the facts of each online part for its template, by bill."""

    bills: Bills
    parts: Mapping[str, Mapping[str, Any]]


def enter(visit: Visit[Services]) -> tuple[Visitor, BillsPage]:
    """Find the visitor of a token and the bills of their family, in two reads. Raises as `visit.enter` does."""
    visitor, results = enter_with(visit, lambda ref: lookups(visit.services, ref))
    return visitor, BillsPage(with_online(results), online_facts(visit, results))


HOME_PART: Final = HomePart("bills", lookups, lambda results: (with_online(results), cents_awaited(results)))
DUES_PART: Final = DuesPart(look_up, lambda bills: bills.dues)


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
