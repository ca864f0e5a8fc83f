"""Fictitious bills of two families, to fill « Facturation ». Days are relative to today."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from chalicelib.domain.billing.bills import Bills, Invoice, Payment
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.billing.survey import key_of, store
from chalicelib.services.family import Services
from tools.fixtures.invoices import invoice_pdf
from tools.local.families import FAMILIES, SampleFamily

BILLED: Final = ("MES4001", "HEN5002")


def store_bills(services: Services) -> None:
    """Store the bills and their PDFs."""
    today = services.clock().astimezone(PARIS).date()
    for family in FAMILIES:
        if family.identifier in BILLED:
            invoices = [_with_pdf(services, family, invoice) for invoice in _invoices(family.identifier, today)]
            services.billing.revise(family.ref, partial(Bills.with_listed, listed=invoices))


def _invoices(identifier: str, today: date) -> list[Invoice]:
    def ago(days: int) -> date:
        return today - timedelta(days=days)

    if identifier == BILLED[1]:
        deposit = Payment(ago(100), 9_000, "carte bancaire")
        return [Invoice(f"{ago(120).year}-5002-1", ago(120), 9_000, ago(90), "Location d'un violoncelle", (deposit,))]
    year = ago(210).year
    return [
        Invoice(
            f"{year}-4001-1", ago(210), 4_500, ago(180), "Droits d'inscription",
            (Payment(ago(195), 4_500, "chèque"),),
        ),
        Invoice(
            f"{year}-4001-2", ago(120), 123_450, ago(90), "Cours du 1er trimestre",
            (Payment(ago(100), 60_000, "prélèvement"), Payment(ago(70), 20_000, "chèque-vacances")),
        ),
        Invoice(f"{year}-4001-3", ago(60), -2_500, None, "Avoir : cours annulé"),
        Invoice(f"{year}-4001-4", ago(10), 18_700, ago(-20), "Cours du 2e trimestre"),
    ]  # fmt: skip


def _with_pdf(services: Services, family: SampleFamily, invoice: Invoice) -> Invoice:
    pdf = invoice_pdf(services.settings.network.name, family.name, invoice)
    key = key_of(services, family.ref, invoice, pdf)
    store(services, key, pdf)
    return replace(invoice, document=key)
