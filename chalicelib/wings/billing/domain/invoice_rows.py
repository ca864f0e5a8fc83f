"""A row of the list of invoices, parsed and checked: an invoice with its payments, or the row's errors."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.cells import cents_from, day_from
from chalicelib.domain.roster.rows import ref_of
from chalicelib.domain.roster.yearly_file import Anomaly, Column, Row, RowNotes, has_control, is_formula_error
from chalicelib.domain.text import fold
from chalicelib.values import frozen
from chalicelib.wings.billing.domain.bills import Due, Invoice, Payment

PAYMENT_WORDS: Final = ("paid_on", "paid", "how")
PLAN_WORDS: Final = ("instalment_on", "instalment")
ONCE: Final = ("site", "identifier", "number", "issued_on", "due_on", "label", "amount", "plan")
SEVERAL: Final = (*PAYMENT_WORDS, *PLAN_WORDS)
NEEDED: Final[tuple[Column, ...]] = (*(("site", 1), ("identifier", 1), ("number", 1), ("issued_on", 1)), ("amount", 1))
_LONGEST: Final = 200  # code points of a cell
_LONGEST_NUMBER: Final = 40
_OLDEST: Final = 1990


@frozen
class ListedInvoice:
    """An invoice as listed: its account, and its first row."""

    ref: AccountRef
    line: int
    invoice: Invoice


@frozen
class InvoiceReading:
    """A parsed row: its account and number if readable, and the invoice unless the row is left out."""

    line: int
    ref: AccountRef | None
    number: str
    listed: ListedInvoice | None = field(repr=False)
    anomalies: tuple[Anomaly, ...]


def read_invoice(row: Row, sites: Mapping[str, str]) -> InvoiceReading:
    """Parse a row. `sites`: folded codes and names to codes."""
    notes = RowNotes(row.line)
    if row.shifted:
        notes.refuse("row_shifted")
        return InvoiceReading(row.line, None, "", None, tuple(notes.anomalies))
    notes.ref = ref_of(row, sites, notes)
    _check_cells(row, notes)
    number = _number(row, notes)
    issued_on = _day(row, ("issued_on", 1), notes)
    if not row.cell("issued_on"):
        notes.refuse("invoice_without_date", ("issued_on", 1))
    due_on = _day(row, ("due_on", 1), notes)
    cents = _cents(row, ("amount", 1), notes)
    if not row.cell("amount"):
        notes.refuse("invoice_without_amount", ("amount", 1))
    amounts_paid = _amounts(row, notes, PAYMENT_WORDS, ("payment_without_date", "payment_without_amount"))
    payments = tuple(Payment(on, paid, row.cell("how", at)) for on, paid, at in amounts_paid)
    amounts_due = _amounts(row, notes, PLAN_WORDS, ("invoice_part_without_date", "invoice_part_without_amount"))
    instalments = tuple(Due(on, part) for on, part, _ in amounts_due)
    listed_invoice = None
    if notes.ref and issued_on and cents is not None and not notes.refuses:
        label, plan = row.cell("label"), row.cell("plan")
        invoice = Invoice(number, issued_on, cents, due_on, label, payments, instalments=instalments, plan=plan)
        listed_invoice = ListedInvoice(notes.ref, row.line, invoice)
    return InvoiceReading(row.line, notes.ref, number, listed_invoice, tuple(notes.anomalies))


def _check_cells(row: Row, notes: RowNotes) -> None:
    for column, cell in row.cells.items():
        if len(cell) > _LONGEST:
            notes.refuse("row_too_long", column, length=str(len(cell)))
        elif has_control(cell):
            notes.refuse("row_control", column)
        elif is_formula_error(cell) and column[0] not in {"site", "identifier"}:
            notes.refuse("row_formula_error", column, cell=cell)


def _number(row: Row, notes: RowNotes) -> str:
    """Parse the number. Empty if it is invalid."""
    number, column = row.cell("number"), ("number", 1)
    if not number:
        notes.refuse("invoice_without_number", column)
    elif not fold(number) or len(number) > _LONGEST_NUMBER:
        notes.refuse("invoice_number_unreadable", column, number=number[:_LONGEST_NUMBER])
    else:
        return number
    return ""


def _day(row: Row, column: Column, notes: RowNotes) -> date | None:
    text = row.cell(*column)
    day = day_from(text)
    if text and (day is None or day.year < _OLDEST):
        notes.refuse("invoice_date_unreadable", column, date=text)
    return day


def _cents(row: Row, column: Column, notes: RowNotes) -> int | None:
    text = row.cell(*column)
    cents = cents_from(text)
    if text and cents is None:
        notes.refuse("invoice_amount_unreadable", column, amount=text)
    return cents


def _amounts(
    row: Row, notes: RowNotes, words: Sequence[str], codes: tuple[str, str]
) -> Iterator[tuple[date, int, int]]:
    """Parse dated amounts, each with its number. A day without an amount, or an amount without a day, is an error."""
    on_word, word = words[:2]
    for number in row.numbers(*words):
        on, cents = _day(row, (on_word, number), notes), _cents(row, (word, number), notes)
        if on and cents:
            yield on, cents, number
        elif not row.cell(on_word, number) and cents:
            notes.refuse(codes[0], (on_word, number))
        elif row.cell(on_word, number) and not row.cell(word, number):
            notes.refuse(codes[1], (word, number))


class InvoiceList:
    """Collects rows, then lists the invoices. An invoice with one wrong row is left out entirely."""

    def __init__(self) -> None:
        self.rows = 0
        self._of: dict[str, list[InvoiceReading]] = defaultdict(list)  # by normalised number
        self._sites: set[str] = set()

    @property
    def sites(self) -> list[str]:
        """The sites in the list."""
        return sorted(self._sites)

    @property
    def number_keys(self) -> frozenset[str]:
        """The normalised numbers of all rows, also of those left out."""
        return frozenset(self._of)

    def add(self, reading: InvoiceReading) -> None:
        """Add a row."""
        self.rows += 1
        if reading.ref:
            self._sites.add(reading.ref.site)
        if reading.number:
            self._of[fold(reading.number)].append(reading)

    def invoices(self) -> Iterator[ListedInvoice | Anomaly]:
        """List the valid invoices, and the errors of the others."""
        for readings in self._of.values():
            listed_invoices = [reading.listed for reading in readings if reading.listed]
            if not listed_invoices:
                continue  # each of its rows is reported already
            contradiction = _contradiction(readings, listed_invoices)
            yield contradiction or _with_plan(_merge(listed_invoices))


def _contradiction(readings: Sequence[InvoiceReading], listed_invoices: Sequence[ListedInvoice]) -> Anomaly | None:
    """Find a contradiction between the rows of one number, or one of its rows left out already."""
    first = listed_invoices[0]
    for reading in readings:
        if reading.ref and reading.ref != first.ref:
            return _error("invoice_of_two_families", first, reading.line)
        if reading.listed is None:
            return _error("invoice_row_left_out", first, reading.line)
        if _without_amounts(reading.listed.invoice) != _without_amounts(first.invoice):
            return _error("invoice_contradicts", first, reading.line)
    return _repeated_payment(listed_invoices)


def _repeated_payment(listed_invoices: Sequence[ListedInvoice]) -> Anomaly | None:
    """Find a payment in two rows: it may be one payment entered twice, or two on one day."""
    seen_payments: set[Payment] = set()
    for row in listed_invoices:
        if not seen_payments.isdisjoint(row.invoice.payments):
            return _error("invoice_repeated", listed_invoices[0], row.line)
        seen_payments |= set(row.invoice.payments)
    return None


def _without_amounts(invoice: Invoice) -> Invoice:
    return replace(invoice, payments=(), instalments=())


def _merge(listed_invoices: Sequence[ListedInvoice]) -> ListedInvoice:
    payments = sorted(
        (payment for row in listed_invoices for payment in row.invoice.payments), key=lambda payment: payment.on
    )
    plan = sorted({due for row in listed_invoices for due in row.invoice.instalments}, key=lambda due: due.on)
    invoice = replace(listed_invoices[0].invoice, payments=tuple(payments), instalments=tuple(plan))
    return replace(listed_invoices[0], invoice=invoice)


def _with_plan(row: ListedInvoice) -> ListedInvoice | Anomaly:
    """Check that the instalments are the amount. Without any, no words of a plan are kept."""
    invoice, of_plan = row.invoice, sum(due.cents for due in row.invoice.instalments)
    if not invoice.instalments:
        return replace(row, invoice=replace(invoice, plan=""))
    if of_plan == invoice.cents:
        return row
    facts = {"number": invoice.number, "sum": amount(of_plan), "amount": amount(invoice.cents)}
    return Anomaly("invoice_parts_unequal", "error", row.line, ("instalment", 1), row.ref, facts)


def amount(cents: int) -> str:
    """Write an amount of an anomaly."""
    return f"{cents // 100},{cents % 100:02d}\N{NO-BREAK SPACE}€"


def _error(code: str, first: ListedInvoice, other: int) -> Anomaly:
    facts = {"number": first.invoice.number, "line": str(other)}
    return Anomaly(code, "error", first.line, ("number", 1), first.ref, facts)
