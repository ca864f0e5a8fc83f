"""The whole list of invoices: payments of one invoice are merged, and contradictions are reported and left out."""

from datetime import date

import pytest

from chalicelib.domain.billing.bills import Payment
from chalicelib.domain.billing.invoice_list import InvoiceList
from chalicelib.domain.billing.invoice_rows import ListedInvoice
from chalicelib.domain.roster.yearly_file import Anomaly
from tests.support.invoices import AVOIR, COURS, LOCATION, MERLE, but, readings

REST = but(COURS, paid_on="25/08/2026", paid="634,50", how="chèque")


def invoices_from(*cells: tuple[str, ...]) -> list[ListedInvoice | Anomaly]:
    made = InvoiceList()
    for reading in readings(*cells):
        made.add(reading)
    return list(made.invoices())


def codes(*cells: tuple[str, ...]) -> list[str]:
    return [found.code for found in invoices_from(*cells) if isinstance(found, Anomaly)]


def test_rows_of_different_numbers_are_different_invoices() -> None:
    invoices = invoices_from(COURS, LOCATION, MERLE, AVOIR)

    assert [row.invoice.number for row in invoices if isinstance(row, ListedInvoice)] == [
        *("2026-0012", "2026-0003", "2026-0020", "2026-0015"),
    ]


def test_rows_of_one_invoice_are_one_invoice_with_all_its_payments_in_their_order() -> None:
    (listed,) = invoices_from(REST, but(COURS, number="2026/0012".replace("/", "-")))

    assert isinstance(listed, ListedInvoice)
    assert listed.line == 2
    assert listed.invoice.payments == (
        Payment(date(2026, 8, 20), 60_000, "carte"),
        Payment(date(2026, 8, 25), 63_450, "chèque"),
    )
    assert listed.invoice.balance == 0


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (but(REST, identifier="XEN 2"), "invoice_of_two_families"),
        (but(REST, site="evry-magnard"), "invoice_of_two_families"),
        (but(REST, identifier="XEN 2", amount="?"), "invoice_of_two_families"),
        (but(REST, amount="1 234,51"), "invoice_contradicts"),
        (but(REST, label="Autre"), "invoice_contradicts"),
        (but(REST, issued_on="02/08/2026"), "invoice_contradicts"),
        (but(REST, due_on=""), "invoice_contradicts"),
        (but(REST, number="2026 0012"), "invoice_contradicts"),
        (but(REST, paid="?"), "invoice_row_left_out"),
        (but(REST, site="Nulle-Part"), "invoice_row_left_out"),
        (COURS, "invoice_repeated"),
    ],
)
def test_an_invoice_that_two_rows_tell_differently_is_left_out_whole(second: tuple[str, ...], code: str) -> None:
    assert codes(COURS, second) == [code]
    assert not [found for found in invoices_from(COURS, second) if isinstance(found, ListedInvoice)]
    assert codes(second, COURS) == [code]


def test_a_row_without_a_payment_said_twice_says_the_same() -> None:
    (listed,) = invoices_from(LOCATION, LOCATION)

    assert isinstance(listed, ListedInvoice)
    assert listed.invoice.payments == ()


def test_a_row_that_is_left_out_is_told_once_and_its_number_is_known() -> None:
    made = InvoiceList()
    for reading in readings(but(COURS, amount="?"), but(MERLE, site="?", number="")):
        made.add(reading)

    assert list(made.invoices()) == []
    assert made.number_keys == {"2026 0012"}
    assert (made.rows, made.sites) == (2, ["evry-xenakis"])
