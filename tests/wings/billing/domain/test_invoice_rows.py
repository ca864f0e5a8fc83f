"""A row of the list of invoices: parsed completely, or left out with its reason. No value is guessed."""

from datetime import date

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.yearly_file import Anomaly, Row
from chalicelib.wings.billing.domain.bills import Due, Invoice, Payment
from chalicelib.wings.billing.domain.invoice_rows import InvoiceList, ListedInvoice, read_invoice
from tests.support.family_files import SITES
from tests.support.invoices import AVOIR, COLUMNS, COURS, LOCATION, MERLE, but, readings

REST = but(COURS, paid_on="25/08/2026", paid="634,50", how="chèque")


def invoices_from(*cells: tuple[str, ...]) -> list[ListedInvoice | Anomaly]:
    invoices = InvoiceList()
    for reading in readings(*cells):
        invoices.add(reading)
    return list(invoices.invoices())


def codes(*cells: tuple[str, ...]) -> list[str]:
    return [found.code for found in invoices_from(*cells) if isinstance(found, Anomaly)]


def test_rows_of_different_numbers_are_different_invoices() -> None:
    invoices = invoices_from(COURS, LOCATION, MERLE, AVOIR)

    assert [row.invoice.number for row in invoices if isinstance(row, ListedInvoice)] == [
        *("2026-0012", "2026-0003", "2026-0020", "2026-0015")
    ]


def test_rows_of_one_invoice_are_one_invoice_with_all_its_payments_in_their_order() -> None:
    (invoice,) = invoices_from(REST, but(COURS, number="2026/0012".replace("/", "-")))

    assert isinstance(invoice, ListedInvoice)
    assert invoice.line == 2
    assert invoice.invoice.payments == (
        Payment(date(2026, 8, 20), 60_000, "carte"),
        Payment(date(2026, 8, 25), 63_450, "chèque"),
    )
    assert invoice.invoice.balance == 0


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
    (invoice,) = invoices_from(LOCATION, LOCATION)

    assert isinstance(invoice, ListedInvoice)
    assert invoice.invoice.payments == ()


def test_a_row_that_is_left_out_is_told_once_and_its_number_is_known() -> None:
    invoices = InvoiceList()
    for reading in readings(but(COURS, amount="?"), but(MERLE, site="?", number="")):
        invoices.add(reading)

    assert list(invoices.invoices()) == []
    assert invoices.number_keys == {"2026 0012"}
    assert (invoices.rows, invoices.sites) == (2, ["evry-xenakis"])


def test_a_row_gives_an_invoice_and_what_was_paid_of_it() -> None:
    (reading,) = readings(COURS)

    assert reading.listed is not None
    assert (reading.listed.ref, reading.listed.line) == (AccountRef("evry-xenakis", "xen1"), 2)
    assert reading.listed.invoice == Invoice(
        "2026-0012",
        date(2026, 8, 1),
        123_450,
        date(2026, 9, 30),
        "Cours",
        (Payment(date(2026, 8, 20), 60_000, "carte"),),
    )
    assert reading.anomalies == ()


def test_what_may_be_empty_may_be_empty() -> None:
    unpaid, bare, credit = (read.listed and read.listed.invoice for read in readings(LOCATION, MERLE, AVOIR))

    assert unpaid
    assert unpaid.payments == ()
    assert bare == Invoice("2026-0020", date(2026, 8, 25), 18_700)
    assert credit
    assert credit.cents == -2_500


def test_several_payments_may_stand_in_one_row() -> None:
    cells = dict(zip(COLUMNS, COURS, strict=True))
    cells |= {("paid_on", 2): "25/08/2026", ("paid", 2): "10", ("how", 2): ""}

    reading = read_invoice(Row(2, cells), SITES)

    assert reading.listed
    assert [payment.cents for payment in reading.listed.invoice.payments] == [60_000, 1_000]


def plan_from(*plans: dict[tuple[str, int], str]) -> ListedInvoice | Anomaly:
    """Read the rows of one bill of 187 euros, each with these cells of its plan."""
    invoices = InvoiceList()
    for line, plan in enumerate(plans, start=2):
        invoices.add(read_invoice(Row(line, dict(zip(COLUMNS, MERLE, strict=True)) | plan), SITES))
    (invoice,) = invoices.invoices()
    return invoice


FIRST = {("instalment_on", 1): "15/10/2026", ("instalment", 1): "100,00", ("plan", 1): "Prélèvement"}
SECOND = {("instalment_on", 2): "15/11/2026", ("instalment", 2): "87,00"}


@pytest.mark.parametrize(
    "plans",
    [
        (FIRST | SECOND,),
        (FIRST | SECOND, FIRST | SECOND),
        (FIRST | {("instalment_on", 1): "15/11/2026", ("instalment", 1): "87,00"}, FIRST),
        (FIRST | SECOND | {("instalment_on", 3): "", ("instalment", 3): "0,00"},),
    ],
)
def test_a_plan_is_in_one_row_or_in_a_row_for_each_instalment(plans: tuple[dict[tuple[str, int], str], ...]) -> None:
    row = plan_from(*plans)

    assert isinstance(row, ListedInvoice)
    assert row.invoice.instalments == (Due(date(2026, 10, 15), 10_000), Due(date(2026, 11, 15), 8_700))
    assert row.invoice.is_debited


def test_a_plan_of_another_amount_leaves_its_bill_out() -> None:
    wrong = plan_from(FIRST | SECOND | {("instalment", 2): "88,00"})

    assert isinstance(wrong, Anomaly)
    assert (wrong.code, wrong.severity) == ("invoice_parts_unequal", "error")
    assert {name: text.replace("\xa0", " ") for name, text in wrong.facts.items()} == {
        "number": "2026-0020", "sum": "188,00 €", "amount": "187,00 €",
    }  # fmt: skip


def test_words_of_a_plan_without_one_are_not_kept() -> None:
    row = plan_from({("plan", 1): "Prélèvement"})

    assert isinstance(row, ListedInvoice)
    assert row.invoice.plan == ""


@pytest.mark.parametrize(("word", "code"), [("instalment_on", "date"), ("instalment", "amount")])
def test_an_instalment_is_a_day_and_an_amount(word: str, code: str) -> None:
    cells = dict(zip(COLUMNS, MERLE, strict=True)) | FIRST | {(word, 1): ""}

    assert [one.code for one in read_invoice(Row(2, cells), SITES).anomalies] == [f"invoice_part_without_{code}"]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"site": ""}, "row_without_site", "site"),
        ({"site": "Nulle-Part"}, "row_site_unknown", "site"),
        ({"identifier": ""}, "row_without_identifier", "identifier"),
        ({"identifier": "1,2E+10"}, "row_identifier_unreadable", "identifier"),
        ({"number": ""}, "invoice_without_number", "number"),
        ({"number": "---"}, "invoice_number_unreadable", "number"),
        ({"number": "1" * 41}, "invoice_number_unreadable", "number"),
        ({"issued_on": ""}, "invoice_without_date", "issued_on"),
        ({"issued_on": "31/02/2026"}, "invoice_date_unreadable", "issued_on"),
        ({"issued_on": "01/01/0026"}, "invoice_date_unreadable", "issued_on"),
        ({"due_on": "fin du mois"}, "invoice_date_unreadable", "due_on"),
        ({"amount": ""}, "invoice_without_amount", "amount"),
        ({"amount": "environ 90"}, "invoice_amount_unreadable", "amount"),
        ({"amount": "1.234"}, "invoice_amount_unreadable", "amount"),
        ({"amount": "#REF!"}, "row_formula_error", "amount"),
        ({"label": "x" * 201}, "row_too_long", "label"),
        ({"label": "a\nb"}, "row_control", "label"),
        ({"paid_on": "hier"}, "invoice_date_unreadable", "paid_on"),
        ({"paid": "tout"}, "invoice_amount_unreadable", "paid"),
        ({"paid_on": ""}, "payment_without_date", "paid_on"),
        ({"paid": ""}, "payment_without_amount", "paid"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out(cells: dict[str, str], code: str, column: str) -> None:
    (reading,) = readings(but(COURS, **cells))

    assert reading.listed is None
    assert (code, column) in [(anomaly.code, anomaly.column[0]) for anomaly in reading.anomalies if anomaly.column]
    assert {anomaly.severity for anomaly in reading.anomalies} == {"error"}


def test_nothing_paid_may_be_written_as_nought() -> None:
    (reading,) = readings(but(COURS, paid_on="", paid="0,00", how=""))

    assert reading.listed
    assert reading.listed.invoice.payments == ()


def test_a_row_with_a_cell_too_many_is_left_out() -> None:
    reading = read_invoice(Row(2, dict(zip(COLUMNS, COURS, strict=True)), shifted=True), SITES)

    assert (reading.listed, [anomaly.code for anomaly in reading.anomalies]) == (None, ["row_shifted"])
