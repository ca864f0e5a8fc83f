"""The billing table: one item is all the invoices and payments of a family, and it changes by one conditional write."""

import secrets
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import Bills, Invoice, Payment
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.stores.dynamo import Database, Delete, Lookup
from chalicelib.stores.values import Item

_RACES: Final = 5


class Billing:
    """Finds the bills of a family and changes them, never over somebody else's change."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: AccountRef) -> Lookup[Bills]:
        """Look up a family's bills; none where nothing was ever billed."""
        return Lookup(self._table, _key(ref), _bills)

    def find(self, ref: AccountRef) -> Bills:
        """Find a family's bills."""
        return self._database.read(self.lookup(ref))

    def all(self, site: str) -> Iterator[tuple[AccountRef, Bills]]:
        """Read the bills of a site's families, page by page."""
        for item in self._database.items_of(self._table, site):
            yield AccountRef(item["site"], item["identifier"]), _bills(item)

    def revise(self, ref: AccountRef, decide: Callable[[Bills], Bills], known: Bills | None = None) -> Bills:
        """Change a family's bills, deciding anew each time that somebody came first; give them as they were before.

        `known` are the bills as read before. Raises `Unavailable`.
        """
        for _ in range(_RACES):
            before, known = known or self.find(ref), None
            after = decide(before)
            try:
                if after.invoices != before.invoices:
                    self._write(ref, before, after)
            except WriteConflict:
                continue
            return before
        raise Unavailable("the bills keep changing")

    def forget(self, ref: AccountRef) -> Delete:
        """Delete all the bills of a family."""
        return Delete(self._table, _key(ref))

    def _write(self, ref: AccountRef, before: Bills, after: Bills) -> None:
        """Write if nobody did since, else raise `WriteConflict`; a retry by the SDK finds its own stamp: content."""
        stamp = secrets.token_hex(8)
        condition = "#stamp = :old" if before.stamp else "attribute_not_exists(#stamp)"
        values: dict[str, Any] = {"old": before.stamp} if before.stamp else {}
        values |= {"stamp": stamp, "invoices": [_invoice_item(invoice) for invoice in after.invoices]}
        change = "SET #stamp = :stamp, #invoices = :invoices"
        try:
            self._database.update(self._table, _key(ref), change, condition, **values)
        except WriteConflict as lost:
            if lost.item is None or lost.item.get("stamp") != stamp:
                raise


def _key(ref: AccountRef) -> dict[str, str]:
    return {"site": ref.site, "identifier": ref.identifier}


def _invoice_item(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "issued_on": invoice.issued_on.isoformat(),
        "cents": invoice.cents,
        "due_on": invoice.due_on.isoformat() if invoice.due_on else None,
        "label": invoice.label or None,
        "payments": [
            {"on": payment.on.isoformat(), "cents": payment.cents, "how": payment.how or None}
            for payment in invoice.payments
        ]
        or None,
        "document": invoice.document or None,
    }


def _bills(item: Item | None) -> Bills:
    if item is None:
        return Bills()
    return Bills(tuple(map(_invoice, item["invoices"])), item["stamp"])


def _invoice(item: Item) -> Invoice:
    return Invoice(
        number=item["number"],
        issued_on=date.fromisoformat(item["issued_on"]),
        cents=item["cents"],
        due_on=date.fromisoformat(item["due_on"]) if "due_on" in item else None,
        label=item.get("label", ""),
        payments=tuple(
            Payment(date.fromisoformat(payment["on"]), payment["cents"], payment.get("how", ""))
            for payment in item.get("payments", ())
        ),
        document=item.get("document", ""),
    )
