"""Bills to pay and amounts received online, of which a wing of bills and a wing of payments share the facts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from chalicelib.values import frozen


@frozen
class OnlineReceipt:
    """An amount received online for a bill. `paid_before`: the cents paid when it began.

    The list has it too, once its payments of this bill exceed that by the amount: it is then counted once.
    """

    bill: str
    on: date
    cents: int
    paid_before: int

    def is_listed(self, paid_now: int) -> bool:
        """Whether the office's list has it too. `paid_now`: the cents that the list has as paid now."""
        return paid_now - self.paid_before >= self.cents


@frozen
class Payable:
    """A bill to pay. `bill`: its code in addresses. `cents`: left to pay. `cents_paid`: already paid.

    `is_debited`: the office debits it, so that it is not paid online.
    """

    bill: str
    number: str
    cents: int
    cents_paid: int
    label: str = ""
    is_debited: bool = False

    def after(self, receipts: Iterable[OnlineReceipt]) -> "Payable":
        """Count amounts received online that are not in the office's list yet."""
        cents_received = sum(
            new.cents for new in receipts if new.bill == self.bill and not new.is_listed(self.cents_paid)
        )
        return replace(self, cents=self.cents - cents_received, cents_paid=self.cents_paid + cents_received)
