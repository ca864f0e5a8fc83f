"""The list of invoices as a whole: rows of one invoice are put together, those that contradict each other left out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.domain.billing.bills import Invoice, Payment
from chalicelib.domain.billing.invoice_rows import InvoiceReading, ListedInvoice
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.domain.text import fold


class InvoiceList:
    """Takes the rows one by one, then gives the invoices; an invoice of which one row is wrong is left out whole."""

    def __init__(self) -> None:
        self.rows = 0
        self._of: dict[str, list[InvoiceReading]] = defaultdict(list)  # by the key of its number
        self._sites: set[str] = set()

    @property
    def sites(self) -> list[str]:
        """Name the sites that it mentions."""
        return sorted(self._sites)

    @property
    def number_keys(self) -> frozenset[str]:
        """The keys of all numbers that were read, of rows left out too."""
        return frozenset(self._of)

    def add(self, reading: InvoiceReading) -> None:
        """Take a row."""
        self.rows += 1
        if reading.ref:
            self._sites.add(reading.ref.site)
        if reading.number:
            self._of[fold(reading.number)].append(reading)

    def invoices(self) -> Iterator[ListedInvoice | Anomaly]:
        """List the invoices that can be taken, and what is wrong with the others."""
        for readings in self._of.values():
            listed = [reading.listed for reading in readings if reading.listed]
            if not listed:
                continue  # each row is reported already
            wrong = _contradiction(readings, listed)
            yield wrong or _merge(listed)


def _contradiction(readings: Sequence[InvoiceReading], listed: Sequence[ListedInvoice]) -> Anomaly | None:
    """Find in what the rows of one number contradict each other, or which of them was left out before."""
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
    """Find a payment that two rows tell: the same written twice, or two of one day? A person knows."""
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
