"""An invoice taken off a family's file: one that was put there by mistake, on the wrong family's for example."""

from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.billing.bills import Invoice
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.helpdesk.access import DeskRequest
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services


def find_invoice(services: Services, typed: str, site: str | None, number: str) -> tuple[Account, Invoice]:
    """Find an invoice of a family by its number. Raises `OfficeRefusal`."""
    account = find_account(services, typed, site)
    bills = services.billing.find(account.ref)
    invoice = bills.by_number(number)
    if invoice is None:
        numbers = ", ".join(invoice.number for invoice in bills.invoices) or "aucune"
        raise OfficeRefusal("invoice_unknown", number=number, numbers=numbers)
    return account, invoice


def remove(services: Services, request: DeskRequest, number: str, now: datetime) -> Invoice:
    """Take an invoice off: first its PDF, then itself, so that whatever fails it can be asked for again."""
    author = check_author(request.author)
    account, invoice = find_invoice(services, request.identifier, request.site, number)
    audit(services, account.ref, "invoice_removed", author, now)
    if invoice.document:
        services.documents.delete_under(invoice.document)
    services.billing.revise(account.ref, lambda found: found.without(number))
    return invoice
