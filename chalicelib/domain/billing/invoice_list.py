"""The whole list of invoices: rows of one invoice are merged, and contradictory ones left out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.domain.billing.bills import Invoice, Payment
from chalicelib.domain.billing.invoice_rows import InvoiceReading, ListedInvoice
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.domain.text import fold


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
            listed = [reading.listed for reading in readings if reading.listed]
            if not listed:
                continue  # each of its rows is reported already
            wrong = _contradiction(readings, listed)
            yield wrong or _merge(listed)


def _contradiction(readings: Sequence[InvoiceReading], listed: Sequence[ListedInvoice]) -> Anomaly | None:
    """Find a contradiction between the rows of one number, or one of its rows left out already."""
    first = listed[0]
    for other in readings:
        if other.ref and other.ref != first.ref:
            return _error("invoice_of_two_families", first, other.line)
        if other.listed is None:
            return _error("invoice_row_left_out", first, other.line)
        if _without_payments(other.listed.invoice) != _without_payments(first.invoice):
            return _error("invoice_contradicts", first, other.line)
    return _repeated_payment(listed)


def _repeated_payment(listed: Sequence[ListedInvoice]) -> Anomaly | None:
    """Find a payment in two rows: it may be one payment entered twice, or two on one day."""
    seen: set[Payment] = set()
    for row in listed:
        if not seen.isdisjoint(row.invoice.payments):
            return _error("invoice_repeated", listed[0], row.line)
        seen |= set(row.invoice.payments)
    return None


def _without_payments(invoice: Invoice) -> Invoice:
    return replace(invoice, payments=())


def _merge(listed: Sequence[ListedInvoice]) -> ListedInvoice:
    payments = sorted((payment for row in listed for payment in row.invoice.payments), key=lambda payment: payment.on)
    return replace(listed[0], invoice=replace(listed[0].invoice, payments=tuple(payments)))


def _error(code: str, first: ListedInvoice, other: int) -> Anomaly:
    facts = {"number": first.invoice.number, "line": str(other)}
    return Anomaly(code, "error", first.line, ("number", 1), first.ref, facts)
