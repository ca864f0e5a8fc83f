"""The bills of a family: invoices, payments, balances and states. All amounts are whole cents."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import date
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.dues import OnlineReceipt, Payable
from chalicelib.domain.text import fold
from chalicelib.values import Stored, frozen

State = Literal["paid", "part_paid", "to_pay", "overdue", "credit"]
# The state of all bills of a family: something overdue, something to pay, a credit, or nothing left to pay.
FamilyState = Literal["overdue", "to_pay", "credit", "settled"]

_SHORT: Final = 6  # bytes: enough for the few invoices of a family
# Words of a plan that takes no debit: « sans prélèvement », « prélèvement refusé ».
_NO_DEBIT: Final = re.compile(r"\b(sans|pas|non|aucun|hors|plus|(refus|rej|impay|annul|suspen|arret|echou)\w*)\b")


@frozen
class Payment:
    """A payment of an invoice: day, amount, and method in the office's words. Negative for a refund."""

    on: date
    cents: int
    how: str = ""


@frozen
class Due:
    """An amount to pay by a day, inclusive."""

    on: date
    cents: int


@frozen
class Invoice:
    """One invoice, as listed by the office. `document`: the key of its PDF. A negative one is a credit note.

    `instalments`: its plan, oldest first, if it has one. `plan`: how these are paid, in the office's words.
    """

    number: str
    issued_on: date
    cents: int
    due_on: date | None = None
    label: str = field(default="", repr=False)
    payments: tuple[Payment, ...] = field(default=(), repr=False)
    document: str = ""
    instalments: tuple[Due, ...] = field(default=(), repr=False)
    plan: str = ""

    @property
    def number_key(self) -> str:
        """The normalised number: « FA 2026/12 » and « fa-2026-12 » are the same."""
        return fold(self.number)

    @property
    def code(self) -> str:
        """A URL-safe name, since a number may hold any character."""
        return hashlib.blake2b(self.number_key.encode(), digest_size=_SHORT).hexdigest()

    @property
    def paid(self) -> int:
        """The amount paid."""
        return sum(payment.cents for payment in self.payments)

    @property
    def balance(self) -> int:
        """The amount left to pay. Negative for a credit."""
        return self.cents - self.paid

    @property
    def is_debited(self) -> bool:
        """Whether the office debits its instalments, so that the family has nothing to do (decision 175)."""
        plan = fold(self.plan)
        return "prelev" in plan and not _NO_DEBIT.search(plan)

    @property
    def dues_left(self) -> tuple[Due, ...]:
        """The amounts left to pay, by day: its instalments, which payments fill oldest first, or all by its due day."""
        dues = [Due(self.due_on, self.balance)] if self.due_on and not self.instalments else []
        cents_paid = self.paid
        for due in self.instalments:
            dues.append(Due(due.on, min(due.cents, due.cents - cents_paid)))
            cents_paid -= due.cents
        return tuple(due for due in dues if due.cents > 0)

    def overdue(self, today: date) -> int:
        """Return the overdue amount. None is where the office debits it."""
        return sum(due.cents for due in self.dues_left if due.on < today and not self.is_debited)

    def state(self, today: date) -> State:
        """Return the state on a day. An invoice is not late on its due day."""
        if not self.balance:
            return "paid"
        if self.balance < 0:
            return "credit"
        if self.overdue(today):
            return "overdue"
        return "part_paid" if self.paid else "to_pay"


@frozen
class Bills(Stored):
    """All invoices of a family, newest first. `stamp`: changes with each write, empty before the first."""

    ref: AccountRef
    invoices: tuple[Invoice, ...] = ()
    stamp: str = field(default="", compare=False)

    @property
    def balance(self) -> int:
        """The total left to pay. Negative for a credit."""
        return sum(invoice.balance for invoice in self.invoices)

    @property
    def credit(self) -> int:
        """The total in the family's favour: credit notes and overpayments."""
        return -sum(invoice.balance for invoice in self.invoices if invoice.balance < 0)

    def overdue(self, today: date) -> int:
        """Return the overdue amount."""
        return sum(invoice.overdue(today) for invoice in self.invoices)

    def state(self, today: date) -> FamilyState:
        """Return the family's state. An overdue amount prevails over a credit note."""
        if self.overdue(today):
            return "overdue"
        if self.balance > 0:
            return "to_pay"
        return "credit" if self.balance < 0 else "settled"

    def next_due(self, today: date, *, is_debited: bool | None = None) -> Due | None:
        """Find the next due day and its amount. None if no unpaid invoice has a due day.

        `is_debited`: of the invoices that the office debits alone, or of the others alone.
        """
        invoices = [one for one in self.invoices if is_debited in {None, one.is_debited}]
        dues = [due for invoice in invoices for due in invoice.dues_left if due.on >= today]
        on = min((due.on for due in dues), default=None)
        return Due(on, sum(due.cents for due in dues if due.on == on)) if on else None

    def by_code(self, code: str) -> Invoice | None:
        """Find an invoice by its code."""
        return next((invoice for invoice in self.invoices if invoice.code == code), None)

    def by_number(self, number: str) -> Invoice | None:
        """Find an invoice by its number, however it is spelt."""
        return next((invoice for invoice in self.invoices if invoice.number_key == fold(number)), None)

    def with_listed(self, new_invoices: Iterable[Invoice]) -> "Bills":
        """Add or replace invoices from the office's list. Invoices no longer listed stay."""
        invoices = {invoice.number_key: invoice for invoice in self.invoices} | {
            invoice.number_key: invoice for invoice in new_invoices
        }
        return replace(self, invoices=tuple(sorted(invoices.values(), key=_newest_first)))

    @property
    def dues(self) -> tuple[Payable, ...]:
        """The bills, for a payment."""
        return tuple(
            Payable(
                invoice.code,
                invoice.number,
                invoice.balance,
                invoice.paid,
                invoice.label,
                is_debited=invoice.is_debited,
            )
            for invoice in self.invoices
        )

    def with_received(self, receipts: Iterable[OnlineReceipt]) -> "Bills":
        """Add amounts received online that are not in the office's list yet. For pages: they are never stored."""
        by_bill: dict[str, list[OnlineReceipt]] = {}
        for receipt in receipts:
            by_bill.setdefault(receipt.bill, []).append(receipt)

        def settled(invoice: Invoice) -> Invoice:
            payments = (
                Payment(receipt.on, receipt.cents, "en ligne")
                for receipt in by_bill.get(invoice.code, ())
                if not receipt.is_listed(invoice.paid)
            )
            return replace(invoice, payments=(*invoice.payments, *payments))

        return replace(self, invoices=tuple(map(settled, self.invoices))) if by_bill else self

    def without(self, number: str) -> "Bills":
        """Remove an invoice."""
        staying = tuple(invoice for invoice in self.invoices if invoice.number_key != fold(number))
        return replace(self, invoices=staying)


def _newest_first(invoice: Invoice) -> tuple[int, str]:
    return -invoice.issued_on.toordinal(), invoice.number_key
