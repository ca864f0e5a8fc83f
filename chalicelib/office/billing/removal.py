"""An invoice taken off a family's file: one that was put there by mistake, on the wrong family's for example."""

from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.billing.bills import Invoice
from chalicelib.office.account import account_called, checked, note
from chalicelib.office.desk.access import Asked
from chalicelib.office.refused import Refused
from chalicelib.services import Services


def invoice_called(services: Services, typed: str, site: str | None, number: str) -> tuple[Account, Invoice]:
    """Find an invoice of a family by its number. Raises `Refused`."""
    account = account_called(services, typed, site)
    bills = services.billing.find(account.ref)
    invoice = bills.numbered(number)
    if invoice is None:
        numbers = ", ".join(each.number for each in bills.invoices) or "aucune"
        raise Refused("invoice_unknown", number=number, numbers=numbers)
    return account, invoice


def remove(services: Services, asked: Asked, number: str, now: datetime) -> Invoice:
    """Take an invoice off: first its PDF, then itself, so that whatever fails it can be asked for again."""
    author = checked(asked.author)
    account, invoice = invoice_called(services, asked.identifier, asked.site, number)
    note(services, account.ref, "invoice_removed", author, now)
    if invoice.document:
        services.documents.delete_under(invoice.document)
    services.billing.revise(account.ref, lambda found: found.without(number))
    return invoice
