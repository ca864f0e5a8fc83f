"""The bills of a family: invoices, what was paid of each, and where each stands; all amounts are whole cents."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from typing import Any, Final, Literal

from chalicelib.domain.text import fold
from chalicelib.values import frozen

State = Literal["paid", "part_paid", "to_pay", "overdue", "credit"]
# Of all the bills of a family: something is late, something is left to pay, it has money in hand, or all is settled.
FamilyState = Literal["overdue", "to_pay", "credit", "settled"]

_SHORT: Final = 6  # bytes: a family's few numbers do not collide


@frozen
class Payment:
    """What was paid of an invoice, when, and how in the office's words; below zero where it was paid back."""

    on: date
    cents: int
    how: str = ""


@frozen
class Invoice:
    """One invoice as the office lists it; `document` is the key of its PDF. Below zero it is a credit note."""

    number: str
    issued_on: date
    cents: int
    due_on: date | None = None
    label: str = field(default="", repr=False)
    payments: tuple[Payment, ...] = field(default=(), repr=False)
    document: str = ""

    @property
    def number_key(self) -> str:
        """What two spellings of its number share: « FA 2026/12 » and « fa-2026-12 »."""
        return fold(self.number)

    @property
    def code(self) -> str:
        """Name it in an address: its number may hold anything."""
        return hashlib.blake2b(self.number_key.encode(), digest_size=_SHORT).hexdigest()

    @property
    def paid(self) -> int:
        """How much was paid."""
        return sum(payment.cents for payment in self.payments)

    @property
    def balance(self) -> int:
        """How much is left to pay; below zero, what the family has in hand."""
        return self.cents - self.paid

    def state(self, today: date) -> State:
        """Find the state on a day; the day it is due is not late."""
        if not self.balance:
            return "paid"
        if self.balance < 0:
            return "credit"
        if self.due_on and self.due_on < today:
            return "overdue"
        return "part_paid" if self.paid else "to_pay"


@frozen
class Due:
    """How much is to be paid by a day, that day included."""

    on: date
    cents: int


@frozen
class Bills:
    """All the invoices of a family, newest first; `stamp` changes with each write, empty before the first."""

    invoices: tuple[Invoice, ...] = ()
    stamp: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    @property
    def balance(self) -> int:
        """How much is left to pay in all; below zero, what the family has in hand."""
        return sum(invoice.balance for invoice in self.invoices)

    @property
    def credit(self) -> int:
        """The part of the balance in the family's favour: credit notes and overpayments."""
        return -sum(invoice.balance for invoice in self.invoices if invoice.balance < 0)

    def overdue(self, today: date) -> int:
        """How much should have been paid by now."""
        return sum(invoice.balance for invoice in self.invoices if invoice.state(today) == "overdue")

    def state(self, today: date) -> FamilyState:
        """Find where the family stands: what is late counts, even beside a credit note."""
        if self.overdue(today):
            return "overdue"
        if self.balance > 0:
            return "to_pay"
        return "credit" if self.balance < 0 else "settled"

    def next_due(self, today: date) -> Due | None:
        """Find the next day by which something is to be paid, and how much by then; None where no day is told."""
        unpaid = [invoice for invoice in self.invoices if invoice.state(today) in {"to_pay", "part_paid"}]
        on = min((invoice.due_on for invoice in unpaid if invoice.due_on), default=None)
        return Due(on, sum(invoice.balance for invoice in unpaid if invoice.due_on == on)) if on else None

    def by_code(self, code: str) -> Invoice | None:
        """Find an invoice by its code."""
        return next((invoice for invoice in self.invoices if invoice.code == code), None)

    def by_number(self, number: str) -> Invoice | None:
        """Find an invoice by its number, however it is spelt."""
        return next((invoice for invoice in self.invoices if invoice.number_key == fold(number)), None)

    def with_listed(self, listed: Iterable[Invoice]) -> "Bills":
        """Take up what the office lists; an invoice that it lists no more stays."""
        kept = {invoice.number_key: invoice for invoice in self.invoices} | {
            invoice.number_key: invoice for invoice in listed
        }
        return replace(self, invoices=tuple(sorted(kept.values(), key=_newest_first)))

    def without(self, number: str) -> "Bills":
        """Drop an invoice."""
        staying = tuple(invoice for invoice in self.invoices if invoice.number_key != fold(number))
        return replace(self, invoices=staying)


def _newest_first(invoice: Invoice) -> tuple[int, str]:
    return -invoice.issued_on.toordinal(), invoice.number_key
