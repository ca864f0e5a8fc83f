"""The billing table: one item has all invoices and payments of a family, and is changed by one conditional write."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import Bills, Invoice, Payment
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Delete, Lookup
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.values import Item


def key_of(ref: AccountRef) -> dict[str, str]:
    """Build the key of a family's bills."""
    return {"site": ref.site, "identifier": ref.identifier}


def item_of(ref: AccountRef, bills: Bills) -> dict[str, Any]:
    """Encode a family's bills. Only the key if it was never billed."""
    if not bills.stamp:
        return dict(key_of(ref))
    return key_of(ref) | {"stamp": bills.stamp, "invoices": list(map(_invoice_item, bills.invoices))}


def bills_from(item: Item | None) -> Bills:
    """Decode bills. Empty without an item."""
    if item is None:
        return Bills()
    return Bills(tuple(map(_invoice, item["invoices"])), item["stamp"], item)


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


_FACTS = frozenset({"stamp"})  # changed by each write, so that invoices need not be compared
_INFORMATION = frozenset({"invoices"})


class Billing:
    """Finds the bills of a family and changes them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: AccountRef) -> Lookup[Bills]:
        """Look up a family's bills. Empty without an item."""
        return Lookup(self._table, key_of(ref), bills_from)

    def find(self, ref: AccountRef) -> Bills:
        """Find a family's bills."""
        return self._database.read(self.lookup(ref))

    def all(self, site: str) -> Iterator[tuple[AccountRef, Bills]]:
        """Read the bills of a site's families, page by page."""
        for item in self._database.items_of(self._table, site):
            yield AccountRef(item["site"], item["identifier"]), bills_from(item)

    def revise(self, ref: AccountRef, decide: Callable[[Bills], Bills], known: Bills | None = None) -> Bills:
        """Change a family's bills, deciding again each time that another writer came first. Return the previous ones.

        `known`: the bills as read before. Raises `Unavailable`.
        """
        before, _ = revise(lambda: self.find(ref), partial(self._change, ref), decide, known, nothing)
        return before

    def forget(self, ref: AccountRef) -> Delete:
        """Delete all bills of a family."""
        return Delete(self._table, key_of(ref))

    def _change(self, ref: AccountRef, before: Bills, after: Bills) -> Bills:
        """Write if unchanged since read, or raise `WriteConflict`. An SDK retry recognises its own stamp."""
        if after.invoices == before.invoices:
            return after
        stamped = replace(after, stamp=secrets.token_hex(8))
        old, new = item_of(ref, before), item_of(ref, stamped)
        written = Change(old, new, _FACTS, _INFORMATION, before.item).write(self._database, self._table)
        return replace(stamped, item=written)
